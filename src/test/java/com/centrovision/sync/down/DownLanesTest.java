package com.centrovision.sync.down;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.centrovision.sync.testing.Rule;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

class DownLanesTest {
    private final DownLanes lanes = new DownLanes(1);
    private final List<String> pages = new CopyOnWriteArrayList<>();

    @Test
    @Rule("3.2.10")
    void aPassNeverWaitsForAWholeBacklog() throws InterruptedException {
        var backlog = enter();
        lanes.changeLane(backlog);
        pages.add("backlog");
        var other = new Thread(this::twoPages);
        other.start();
        await().until(() -> other.getState() == Thread.State.WAITING);

        lanes.changeLane(backlog);
        pages.add("backlog");
        lanes.changeLane(backlog);
        pages.add("backlog");
        end(backlog);

        other.join();
        assertEquals(List.of("backlog", "other", "other", "backlog", "backlog"), pages);
    }

    @Test
    @Rule("3.2.10")
    void aTableWithOnePageWaitsForNoBacklog() throws InterruptedException {
        var backlog = enter();
        lanes.changeLane(backlog);

        for (int table = 0; table < 10; table++) {
            end(enter());
        }

        end(backlog);
    }

    @Test
    void asManyFirstPagesAreAskedForAsLanesAreLeft() throws InterruptedException {
        lanes.width(2);
        var passes = List.of(enter(), enter(), enter(), enter());
        var fifth = new Thread(this::twoPages);
        fifth.start();
        await().until(() -> fifth.getState() == Thread.State.WAITING);
        lanes.width(1);

        passes.subList(0, 2).forEach(DownLanesTest::end);
        assertEquals(Thread.State.WAITING, fifth.getState());
        passes.subList(2, 4).forEach(DownLanesTest::end);

        fifth.join();
    }

    private Exchange enter() throws InterruptedException {
        var exchange = new DefaultExchange(new DefaultCamelContext());
        lanes.enter(exchange);
        return exchange;
    }

    private void twoPages() {
        try {
            var exchange = enter();
            pages.add("other");
            lanes.changeLane(exchange);
            pages.add("other");
            lanes.changeLane(exchange);
            end(exchange);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static void end(Exchange exchange) {
        exchange.getExchangeExtension().handoverCompletions().forEach(done -> done.onComplete(exchange));
    }
}
