package com.centrovision.sync.down;

import java.util.concurrent.Semaphore;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * How many pages are asked for at a time, over all tables, and how many are in memory: while some are applied, others are
 * under way. Whoever wants another page waits behind those who wait already, so that a table with a few changes waits
 * for pages of the others and never for their whole backlog. Pages that are short or empty as a rule, as the first
 * one and a load's last one are, have lanes of their own, twice as many, and never wait for the others. Threads share it.
 */
public final class DownLanes {
    /** How many pages may be in memory besides those that are asked for. */
    static final int APPLIED = 2;

    private static final int LITTLE_PAGES = 2;
    private static final String PAGE = "DownLanes.page";

    private final Lanes little;
    private final Lanes full;
    private int width;

    public DownLanes(int lanes) {
        this.little = new Lanes(LITTLE_PAGES * lanes);
        this.full = new Lanes(lanes);
        this.width = lanes;
    }

    /** How many may be asked for at once, where so many lanes are configured. */
    public static int most(int lanes) {
        return (LITTLE_PAGES + 1) * lanes;
    }

    /** From now on so many; pages under way keep their lanes until they have come. */
    public synchronized void width(int lanes) {
        little.resize(LITTLE_PAGES * (lanes - width));
        full.resize(lanes - width);
        width = lanes;
    }

    /** Takes a lane for a page; at the latest when the exchange ends it is free again. */
    public void enter(@Variable("stream") DownStream stream, Exchange exchange) throws InterruptedException {
        take(stream.expectsLittle(), exchange);
    }

    void take(boolean expectsLittle, Exchange exchange) throws InterruptedException {
        var page = exchange.getProperty(PAGE, Page.class);
        if (page == null) {
            page = new Page();
            exchange.setProperty(PAGE, page);
            exchange.getExchangeExtension().addOnCompletion(page);
        }
        page.begins(expectsLittle ? little : full);
    }

    /** The page has come: another one may be asked for while it is applied. */
    public void leave(Exchange exchange) {
        exchange.getProperty(PAGE, Page.class).hasCome();
    }

    /** The page is applied and forgotten. */
    public void forget(Exchange exchange) {
        exchange.getProperty(PAGE, Page.class).ends();
    }

    private static final class Page extends SynchronizationAdapter {
        private Lanes lanes;
        private boolean hasLane;
        private boolean hasPlace;

        void begins(Lanes takes) throws InterruptedException {
            lanes = takes;
            lanes.places.acquire();
            hasPlace = true;
            lanes.free.acquire();
            hasLane = true;
        }

        void hasCome() {
            if (hasLane) {
                hasLane = false;
                lanes.free.release();
            }
        }

        void ends() {
            hasCome();
            if (hasPlace) {
                hasPlace = false;
                lanes.places.release();
            }
        }

        @Override
        public void onDone(Exchange done) {
            ends();
        }
    }

    private static final class Lanes {
        private final Permits free;
        private final Permits places;

        Lanes(int lanes) {
            this.free = new Permits(lanes);
            this.places = new Permits(lanes + APPLIED);
        }

        void resize(int more) {
            free.resize(more);
            places.resize(more);
        }
    }

    private static final class Permits extends Semaphore {
        private static final long serialVersionUID = 1;

        Permits(int permits) {
            super(permits, true);
        }

        void resize(int more) {
            if (more > 0) {
                release(more);
            } else {
                reducePermits(-more);
            }
        }
    }
}
