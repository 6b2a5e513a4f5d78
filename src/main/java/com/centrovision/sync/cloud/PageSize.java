package com.centrovision.sync.cloud;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many rows to ask for, and when a page shorter than that is the last one: a project's max-rows may be below what
 * was asked for, so a page is the last only if the server is known to give more (protocol 3.2). Threads share it.
 */
public final class PageSize {
    private static final int TARGET_BYTES = 4 << 20;
    private static final Duration TARGET_TIME = Duration.ofSeconds(15);
    private static final int FIRST_ROWS = 200;

    private final int maxRows;
    private final AtomicInteger served = new AtomicInteger();
    private final Map<String, Integer> gettingThrough = new ConcurrentHashMap<>();

    public PageSize(int maxRows) {
        this.maxRows = maxRows;
    }

    public int first(String table) {
        return Math.min(FIRST_ROWS, limit(table));
    }

    /** The next page's rows, so that it takes about four megabytes and a quarter of a minute, whatever a row weighs. */
    public int after(String table, int rows, int bytes, Duration took) {
        served.accumulateAndGet(rows, Math::max);
        gettingThrough.computeIfPresent(table, (name, most) -> most < maxRows ? 2 * most : null);
        if (rows == 0) {
            return first(table);
        }
        var fitting = Math.min(
                (long) TARGET_BYTES * rows / Math.max(1, bytes),
                TARGET_TIME.toMillis() * rows / Math.max(1, took.toMillis()));
        return (int) Math.max(1, Math.min(limit(table), fitting));
    }

    public boolean isLast(int rows, int asked) {
        return rows == 0 || rows < asked && rows < served.get();
    }

    /** A page of so many rows was too large for the memory. Returns how many to ask for instead, a quarter of it. */
    public int tooLarge(String table, int rows) {
        return fewer(table, rows / 4);
    }

    /** A page of so many rows broke off on the way. Returns how many to ask for instead, half of it. */
    public int brokeOff(String table, int rows) {
        return fewer(table, rows / 2);
    }

    /** The pages after it grow again. */
    private int fewer(String table, int rows) {
        int fewer = Math.max(1, rows);
        gettingThrough.put(table, fewer);
        return fewer;
    }

    private int limit(String table) {
        return gettingThrough.getOrDefault(table, maxRows);
    }
}
