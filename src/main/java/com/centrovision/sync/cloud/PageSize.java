package com.centrovision.sync.cloud;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many rows to ask for, and when a page shorter than that is the last one: a project's max-rows may be below what
 * was asked for, so a page is the last only if the server is known to give more (protocol 3.2). Threads share it.
 */
public final class PageSize {
    private static final int TARGET_BYTES = 4 << 20;
    private static final int FIRST_ROWS = 200;

    private final int maxRows;
    private final AtomicInteger served = new AtomicInteger();
    private final Map<String, Integer> limits = new ConcurrentHashMap<>();

    public PageSize(int maxRows) {
        this.maxRows = maxRows;
    }

    public int first(String table) {
        return Math.min(FIRST_ROWS, limit(table));
    }

    /** The next page's rows, so that it takes about four megabytes whatever a row weighs. */
    public int after(String table, int rows, int bytes) {
        served.accumulateAndGet(rows, Math::max);
        var fitting = (long) TARGET_BYTES * rows / Math.max(1, bytes);
        return rows == 0 ? first(table) : (int) Math.max(1, Math.min(limit(table), fitting));
    }

    public boolean isLast(int rows, int asked) {
        return rows == 0 || rows < asked && rows < served.get();
    }

    /** A page of so many rows was too large for the memory; the table's next ones are at most half of it. */
    public void tooLarge(String table, int rows) {
        limits.put(table, Math.max(1, rows / 2));
    }

    private int limit(String table) {
        return limits.getOrDefault(table, maxRows);
    }
}
