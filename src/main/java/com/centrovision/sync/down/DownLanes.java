package com.centrovision.sync.down;

import java.util.concurrent.Semaphore;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * How many tables are asked for at a time. First pages are small and mostly empty: they have lanes of their own, twice as
 * many, and never wait for the pages behind them. A pass gives way after each page, so that a table with a few changes
 * waits for pages of the others and never for their whole backlog. Threads share it.
 */
public final class DownLanes {
    private static final String LANE = "lane";
    private static final int FIRST_PAGES = 2;

    private final Lanes first;
    private final Lanes further;
    private int width;

    public DownLanes(int lanes) {
        this.first = new Lanes(FIRST_PAGES * lanes);
        this.further = new Lanes(lanes);
        this.width = lanes;
    }

    /** How many may be under way at once, where so many lanes are configured. */
    public static int most(int lanes) {
        return (FIRST_PAGES + 1) * lanes;
    }

    /** From now on so many; passes under way keep their lanes until they give way or end. */
    public synchronized void width(int lanes) {
        first.change(FIRST_PAGES * (lanes - width));
        further.change(lanes - width);
        width = lanes;
    }

    /** Takes a lane until the exchange ends. */
    public void enter(Exchange exchange) throws InterruptedException {
        first.acquire();
        exchange.setVariable(LANE, first);
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                done.getVariable(LANE, Lanes.class).release();
            }
        });
    }

    /** Lets the passes that wait have their page before the next one of this pass. */
    public void giveWay(@Variable("pass") DownPass pass, Exchange exchange) {
        if (pass.isMore()) {
            changeLane(exchange);
        }
    }

    void changeLane(Exchange exchange) {
        var lane = exchange.getVariable(LANE, Lanes.class);
        if (lane == first || further.hasQueuedThreads()) {
            lane.release();
            further.acquireUninterruptibly();
            exchange.setVariable(LANE, further);
        }
    }

    private static final class Lanes extends Semaphore {
        private static final long serialVersionUID = 1;

        Lanes(int lanes) {
            super(lanes, true);
        }

        void change(int more) {
            if (more > 0) {
                release(more);
            } else {
                reducePermits(-more);
            }
        }
    }
}
