package com.centrovision.sync.bench;

import java.time.Duration;

/** How long a byte is under way there and back, and how many go through in a second, each way. */
record LineShape(Duration roundTrip, long bytesPerSecond) {
    static final LineShape NONE = new LineShape(Duration.ZERO, Long.MAX_VALUE / 4);

    /** As a clinic has it: 120 ms, 20 Mbit/s. */
    static final LineShape CLINIC = new LineShape(Duration.ofMillis(120), 20_000_000 / 8);

    long oneWayNanos() {
        return roundTrip.toNanos() / 2;
    }
}
