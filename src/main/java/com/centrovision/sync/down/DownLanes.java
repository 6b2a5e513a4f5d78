package com.centrovision.sync.down;

import java.util.concurrent.Semaphore;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * How many pages are asked for at a time, over all tables, and how many are in memory: while some are applied, others are
 * under way. Whoever wants another page waits behind those who wait already, so that a table with a few
 * changes waits for pages of the others and never for their whole backlog. Threads share it.
 */
public final class DownLanes {
    /** How many pages may be in memory besides those that are asked for. */
    static final int APPLIED = 2;

    private static final String PAGE = "DownLanes.page";

    private final Lanes free;
    private final Lanes places;
    private int width;

    public DownLanes(int lanes) {
        this.free = new Lanes(lanes);
        this.places = new Lanes(lanes + APPLIED);
        this.width = lanes;
    }

    /** From now on so many; pages under way keep their lanes until they have come. */
    public synchronized void width(int lanes) {
        free.resize(lanes - width);
        places.resize(lanes - width);
        width = lanes;
    }

    /** Takes a lane for a page; at the latest when the exchange ends it is free again. */
    public void enter(Exchange exchange) throws InterruptedException {
        var page = exchange.getProperty(PAGE, Page.class);
        if (page == null) {
            page = new Page();
            exchange.setProperty(PAGE, page);
            exchange.getExchangeExtension().addOnCompletion(page);
        }
        page.begins();
    }

    /** The page has come: another one may be asked for while it is applied. */
    public void leave(Exchange exchange) {
        exchange.getProperty(PAGE, Page.class).hasCome();
    }

    /** The page is applied and forgotten. */
    public void forget(Exchange exchange) {
        exchange.getProperty(PAGE, Page.class).ends();
    }

    private final class Page extends SynchronizationAdapter {
        private boolean hasLane;
        private boolean hasPlace;

        void begins() throws InterruptedException {
            places.acquire();
            hasPlace = true;
            free.acquire();
            hasLane = true;
        }

        void hasCome() {
            if (hasLane) {
                hasLane = false;
                free.release();
            }
        }

        void ends() {
            hasCome();
            if (hasPlace) {
                hasPlace = false;
                places.release();
            }
        }

        @Override
        public void onDone(Exchange done) {
            ends();
        }
    }

    private static final class Lanes extends Semaphore {
        private static final long serialVersionUID = 1;

        Lanes(int lanes) {
            super(lanes, true);
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
