package com.centrovision.sync.up;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How many times more changes are taken at once where they go in bulk: as many as a line carries in seconds, so that what is
 * done meanwhile is not kept waiting. Threads share it.
 */
public final class UpBulk {
    private static final int FIRST = 5;
    private static final int MOST = 10;
    private static final Duration SHORT = Duration.ofSeconds(5);
    private static final Duration LONG = Duration.ofSeconds(10);

    private final LongSupplier nanos;
    private int times = FIRST;
    private long startedAt;
    private boolean isUnderWay;
    private boolean isFull;

    /** @param nanos a clock that nobody sets */
    public UpBulk(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Called when changes were taken; few of them tell little. */
    synchronized void begins(int chunks) {
        isFull = chunks >= times;
        isUnderWay = true;
        startedAt = nanos.getAsLong();
    }

    /** Called when the next ones are taken. */
    synchronized int times() {
        if (isUnderWay) {
            var took = nanos.getAsLong() - startedAt;
            if (took > LONG.toNanos()) {
                times = Math.max(1, inShort(took));
            } else if (isFull && took < SHORT.toNanos()) {
                times = Math.min(MOST, Math.max(times + 1, inShort(took)));
            }
        }
        isUnderWay = false;
        return times;
    }

    /** How many times would take {@link #SHORT}, where as many as now took so long. */
    private int inShort(long took) {
        return (int) Math.min(MOST, times * SHORT.toNanos() / Math.max(1, took));
    }
}
