package com.centrovision.sync.cloud;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hc.client5.http.utils.DateUtils;

/** The cloud's time, kept from the Date of its answers (whole seconds). Threads share it. */
public final class CloudClock {
    private record Told(String date, Optional<Instant> instant) {}

    private final Clock clock;
    private final AtomicReference<Duration> skew = new AtomicReference<>(Duration.ZERO);
    private volatile Told told = new Told("", Optional.empty());

    public CloudClock(Clock clock) {
        this.clock = clock;
    }

    /**
     * What the Date of an answer says, where it says something. Answers of the same second say the same, and it is read once.
     *
     * @param date null where the answer has none
     */
    public Optional<Instant> told(String date) {
        if (date == null) {
            return Optional.empty();
        }
        var last = told;
        if (!last.date().equals(date)) {
            last = new Told(date, Optional.ofNullable(DateUtils.parseStandardDate(date)));
            told = last;
        }
        return last.instant();
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
