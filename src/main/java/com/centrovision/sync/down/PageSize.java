package com.centrovision.sync.down;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many rows to ask for, and when a page shorter than that is the last one: a project's max-rows may be below what
 * was asked for, so a page is the last only if the server is known to give more (protocol 3.2). Threads share it.
 */
final class PageSize {
    private static final int TARGET_BYTES = 4 << 20;
    private static final int FIRST_ROWS = 200;

    private final int maxRows;
    private final AtomicInteger served = new AtomicInteger();

    PageSize(int maxRows) {
        this.maxRows = maxRows;
    }

    int first() {
        return Math.min(FIRST_ROWS, maxRows);
    }

    /** The next page's rows, so that it takes about four megabytes whatever a row weighs. */
    int after(int rows, int bytes) {
        served.accumulateAndGet(rows, Math::max);
        return rows == 0
                ? first()
                : (int) Math.max(1, Math.min(maxRows, (long) TARGET_BYTES * rows / Math.max(1, bytes)));
    }

    boolean isLast(int rows, int asked) {
        return rows == 0 || rows < asked && rows < served.get();
    }
}
