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
    void aTableWithOnePageNeverWaitsForAWholeBacklog() throws InterruptedException {
        var backlog = exchange();
        lanes.take(false, backlog);
        pages.add("backlog");
        var other = waiting("other");

        for (int page = 0; page < 2; page++) {
            lanes.leave(backlog);
            lanes.forget(backlog);
            lanes.take(false, backlog);
            pages.add("backlog");
        }
        end(backlog);

        other.join();
        assertEquals(List.of("backlog", "other", "backlog", "backlog"), pages);
    }

    @Test
    @Rule("3.2.10")
    void aPassThatBeginsWaitsForNoBacklog() throws InterruptedException {
        var backlog = exchange();
        lanes.take(false, backlog);

        for (int table = 0; table < 10; table++) {
            var other = exchange();
            lanes.take(true, other);
            end(other);
        }

        end(backlog);
    }

    @Test
    void asManyPassesBeginAtOnceAsLanesAreLeft() throws InterruptedException {
        var begun = List.of(exchange(), exchange());
        for (var pass : begun) {
            lanes.take(true, pass);
        }
        var other = waiting("other", true);
        pages.add("begun");

        end(begun.get(0));

        other.join();
        assertEquals(List.of("begun", "other"), pages);
    }

    @Test
    void whileAPageIsAppliedAnotherOneIsAskedForAndNoMore() throws InterruptedException {
        var first = exchange();
        for (var applied : List.of(first, exchange(), exchange())) {
            lanes.take(false, applied);
            lanes.leave(applied);
        }
        var other = waiting("other");
        pages.add("applied");

        lanes.forget(first);

        other.join();
        assertEquals(List.of("applied", "other"), pages);
    }

    @Test
    void whoFailsLeavesItsLaneToOthers() throws InterruptedException {
        var failed = exchange();
        lanes.take(false, failed);
        var other = waiting("other");

        end(failed);

        other.join();
        assertEquals(List.of("other"), pages);
    }

    @Test
    void aSlowLineHasFewerLanes() throws InterruptedException {
        lanes.width(2);
        var first = exchange();
        lanes.take(false, first);
        lanes.take(false, exchange());
        lanes.width(1);
        var other = waiting("other");
        pages.add("one has come");

        end(first);
        assertEquals(List.of("one has come"), pages);
        lanes.width(2);

        other.join();
        assertEquals(List.of("one has come", "other"), pages);
    }

    private Thread waiting(String name) {
        return waiting(name, false);
    }

    private Thread waiting(String name, boolean expectsLittle) {
        var thread = new Thread(() -> onePage(name, expectsLittle));
        thread.start();
        await().until(() -> thread.getState() == Thread.State.WAITING);
        return thread;
    }

    private void onePage(String name, boolean expectsLittle) {
        try {
            var exchange = exchange();
            lanes.take(expectsLittle, exchange);
            pages.add(name);
            end(exchange);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static Exchange exchange() {
        return new DefaultExchange(new DefaultCamelContext());
    }

    private static void end(Exchange exchange) {
        exchange.getExchangeExtension().handoverCompletions().forEach(done -> done.onComplete(exchange));
    }
}
