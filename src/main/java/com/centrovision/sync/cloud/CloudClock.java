package com.centrovision.sync.cloud;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

/** The cloud's time, kept from the Date of its answers (whole seconds). Threads share it. */
public final class CloudClock {
    private final Clock clock;
    private final AtomicReference<Duration> skew = new AtomicReference<>(Duration.ZERO);

    public CloudClock(Clock clock) {
        this.clock = clock;
    }

    /** Learns from an answer with this Date; the cloud wrote it somewhere between asking and answering. */
    void learn(Instant date, Instant askedAt) {
        var answeredAt = clock.instant();
        var earliest = Duration.between(answeredAt, date);
        var latest = Duration.between(askedAt, date.plusSeconds(1));
        var known = skew.get();
        if (known.compareTo(earliest) < 0 || known.compareTo(latest) > 0) {
            skew.set(earliest.plus(latest).dividedBy(2));
        }
    }

    Clock clinicClock() {
        return clock;
    }

    public Instant now() {
        return clock.instant().plus(skew.get());
    }

    /** How far the cloud's clock is ahead of this machine's; off by a second at the most. */
    public Duration skew() {
        return skew.get();
    }
}
