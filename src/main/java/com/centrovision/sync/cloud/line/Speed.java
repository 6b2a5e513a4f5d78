package com.centrovision.sync.cloud.line;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Whether the line is so slow that less should be asked of it at a time. Two measurements in a row call it slow; it is
 * called fast again when it carries twice as much and has not been slow for a while. Threads share it.
 */
public final class Speed {
    private static final long SLOW_BYTES_PER_SECOND = 4096;
    private static final long FAST_BYTES_PER_SECOND = 2 * SLOW_BYTES_PER_SECOND;
    private static final int MEASUREMENTS = 2;
    private static final Duration REMEMBERED = Duration.ofSeconds(30);
    private static final Duration FORGOTTEN = Duration.ofMinutes(15);
    private static final Duration DOUBTED = Duration.ofMinutes(2);

    /** What time is given for: a slow line's share among several requests, and a usual line's. */
    private static final long SLOW_SHARE = 1024;

    private static final long USUAL_SHARE = 65_536;

    private final LongSupplier nanos;
    private boolean slow;
    private int slowInARow;
    private long slowAt;
    private long doubtedUntil;

    public Speed(LongSupplier nanos) {
        this.nanos = nanos;
        this.slowAt = nanos.getAsLong();
        this.doubtedUntil = slowAt;
    }

    public synchronized void measured(long bytes, Duration spent) {
        var now = nanos.getAsLong();
        var perSecond = bytes * 1_000_000_000.0 / Math.max(1, spent.toNanos());
        if (perSecond < SLOW_BYTES_PER_SECOND) {
            slowInARow++;
            slowAt = now;
            slow |= slowInARow >= MEASUREMENTS;
        } else {
            slowInARow = 0;
            slow &= perSecond < FAST_BYTES_PER_SECOND || now - slowAt < REMEMBERED.toNanos();
        }
    }

    /** A request was cut off that may only have been slow: the next ones are given more time. */
    synchronized void doubt() {
        doubtedUntil = nanos.getAsLong() + DOUBTED.toNanos();
    }

    public synchronized boolean isSlow() {
        slow &= nanos.getAsLong() - slowAt < FORGOTTEN.toNanos();
        return slow;
    }

    synchronized boolean isDoubtful() {
        return isSlow() || nanos.getAsLong() - doubtedUntil < 0;
    }

    Duration toCarry(long bytes) {
        return Duration.ofSeconds(bytes / (isDoubtful() ? SLOW_SHARE : USUAL_SHARE));
    }
}
