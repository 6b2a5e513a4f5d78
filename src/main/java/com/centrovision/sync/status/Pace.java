package com.centrovision.sync.status;

import java.time.Duration;
import java.time.Instant;

/**
 * How fast one direction works off what has piled up.
 *
 * @param since when it began to; {@code perSecond} is that of the time before {@code at}
 */
record Pace(Instant since, Instant at, long done, long left, double perSecond) {
    static Pace beginning(Instant since, long left) {
        return new Pace(since, since, 0, left, 0);
    }

    Pace after(Instant now, long doneNow, long leftNow) {
        var seconds = Duration.between(at, now).toMillis() / 1000.0;
        return new Pace(since, now, doneNow, leftNow, Math.max(0, doneNow - done) / Math.max(0.001, seconds));
    }
}
