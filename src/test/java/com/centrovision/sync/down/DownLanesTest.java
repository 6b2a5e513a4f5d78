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
        var backlog = new DefaultExchange(new DefaultCamelContext());
        lanes.enter(backlog);
        pages.add("backlog");
        var other = new Thread(this::onePage);
        other.start();
        await().until(() -> other.getState() == Thread.State.WAITING);

        lanes.giveWay();
        pages.add("backlog");
        lanes.giveWay();
        pages.add("backlog");
        end(backlog);

        other.join();
        assertEquals(List.of("backlog", "other", "backlog", "backlog"), pages);
    }

    private void onePage() {
        try {
            var exchange = new DefaultExchange(new DefaultCamelContext());
            lanes.enter(exchange);
            pages.add("other");
            lanes.giveWay();
            end(exchange);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static void end(Exchange exchange) {
        exchange.getExchangeExtension().handoverCompletions().forEach(done -> done.onComplete(exchange));
    }
}
