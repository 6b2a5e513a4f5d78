package com.centrovision.sync.down;

import java.util.concurrent.Semaphore;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * How many tables are asked for at a time. A pass gives way after each page, so that a table with a few changes waits
 * for pages of the others and never for their whole backlog. Threads share it.
 */
public final class DownLanes {
    private final Lanes free;
    private int width;

    public DownLanes(int lanes) {
        this.free = new Lanes(lanes);
        this.width = lanes;
    }

    /** From now on so many; passes under way keep their lanes until they give way or end. */
    public synchronized void width(int lanes) {
        if (lanes > width) {
            free.release(lanes - width);
        } else {
            free.reducePermits(width - lanes);
        }
        width = lanes;
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

    private static final class Lanes extends Semaphore {
        private static final long serialVersionUID = 1;

        Lanes(int lanes) {
            super(lanes, true);
        }

        @Override
        protected void reducePermits(int reduction) {
            super.reducePermits(reduction);
        }
    }
}
