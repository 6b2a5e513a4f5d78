package com.centrovision.sync.connection;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/** Notices that the machine slept or that somebody set its clock: both clocks then tell of different times. */
final class ClockWatch {
    private static final Duration TOLERATED = Duration.ofSeconds(5);

    private final Clock clock;
    private final LongSupplier nanos;
    private Instant wallBefore;
    private long nanosBefore;

    ClockWatch(Clock clock, LongSupplier nanos) {
        this.clock = clock;
        this.nanos = nanos;
        this.wallBefore = clock.instant();
        this.nanosBefore = nanos.getAsLong();
    }

    /** How far the clock has moved against time itself since it was last asked about; zero for what clocks drift. */
    Duration moved() {
        var wall = clock.instant();
        var now = nanos.getAsLong();
        var moved = Duration.between(wallBefore, wall).minusNanos(now - nanosBefore);
        wallBefore = wall;
        nanosBefore = now;
        return moved.abs().compareTo(TOLERATED) > 0 ? moved : Duration.ZERO;
    }
}
