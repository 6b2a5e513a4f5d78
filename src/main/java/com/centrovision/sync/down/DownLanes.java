package com.centrovision.sync.down;

import java.util.concurrent.Semaphore;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * How many tables are asked for at a time. A pass gives way after each page, so that a table with a few changes waits
 * for pages of the others and never for their whole backlog. Threads share it.
 */
public final class DownLanes {
    private final Semaphore free;

    public DownLanes(int lanes) {
        this.free = new Semaphore(lanes, true);
    }

    /** Takes a lane until the exchange ends. */
    public void enter(Exchange exchange) throws InterruptedException {
        free.acquire();
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                free.release();
            }
        });
    }

    /** Lets the passes that wait have their page first. */
    public void giveWay() {
        if (free.hasQueuedThreads()) {
            free.release();
            free.acquireUninterruptibly();
        }
    }
}
