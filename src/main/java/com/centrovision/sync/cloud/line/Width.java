package com.centrovision.sync.cloud.line;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Whether the cloud is so near and the line so wide that compressing an answer costs more time than it saves: an answer
 * began at once, as none does from far away, and no weighty ones came slowly since. Each is believed for a while;
 * until something is known, the line is narrow. Threads share it.
 */
public final class Width {
    private static final Duration NEAR = Duration.ofMillis(25);
    private static final long WIDE_BYTES_PER_SECOND = 4_000_000;
    private static final long WEIGHTY_BYTES = 65_536;
    private static final int MEASUREMENTS = 2;
    private static final Duration BELIEVED = Duration.ofMinutes(5);

    private final LongSupplier nanos;
    private boolean isNear;
    private long nearAt;
    private int slowInARow;
    private boolean isNarrow;
    private long narrowAt;

    public Width(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** @param waited from the question to the head of its answer */
    public synchronized void answered(Duration waited) {
        if (waited.compareTo(NEAR) <= 0) {
            isNear = true;
            nearAt = nanos.getAsLong();
        }
    }

    /** What all connections carried in a time. */
    public synchronized void measured(long bytes, Duration spent) {
        if (bytes < WEIGHTY_BYTES) {
            return;
        }
        var perSecond = bytes * 1_000_000_000.0 / Math.max(1, spent.toNanos());
        slowInARow = perSecond < WIDE_BYTES_PER_SECOND ? slowInARow + 1 : 0;
        if (slowInARow >= MEASUREMENTS) {
            isNarrow = true;
            narrowAt = nanos.getAsLong();
        }
    }

    public synchronized boolean isWide() {
        var now = nanos.getAsLong();
        isNear &= now - nearAt < BELIEVED.toNanos();
        isNarrow &= now - narrowAt < BELIEVED.toNanos();
        return isNear && !isNarrow;
    }
}
