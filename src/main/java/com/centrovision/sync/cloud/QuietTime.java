package com.centrovision.sync.cloud;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.apache.hc.client5.http.utils.DateUtils;
import org.apache.hc.core5.http.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How long the cloud asked to be left alone ({@code Retry-After}); ten minutes at the most. Threads share it. */
final class QuietTime {
    private static final Logger LOG = LoggerFactory.getLogger(QuietTime.class);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final Clock clock;
    private Instant until = Instant.EPOCH;

    QuietTime(Clock clock) {
        this.clock = clock;
    }

    /** Whether nothing may be asked now. An end that a turned-back clock moved out of reach holds nobody. */
    synchronized boolean holds() {
        var left = Duration.between(clock.instant(), until);
        return left.toMillis() > 0 && left.compareTo(LONGEST) <= 0;
    }

    /** @param cloudNow what a date in the header is counted from */
    synchronized void learn(Header retryAfter, Instant cloudNow) {
        if (retryAfter == null) {
            return;
        }
        var wait = wait(retryAfter.getValue().trim(), cloudNow);
        var end = clock.instant().plus(wait.compareTo(LONGEST) < 0 ? wait : LONGEST);
        if (end.isAfter(clock.instant())) {
            if (!holds()) {
                LOG.info("cloud asks for quiet seconds={}", wait.toSeconds());
            }
            until = holds() && until.isAfter(end) ? until : end;
        }
    }

    private static Duration wait(String value, Instant cloudNow) {
        if (value.matches("\\d{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(value));
        }
        var date = DateUtils.parseStandardDate(value);
        return date == null ? Duration.ZERO : Duration.between(cloudNow, date);
    }
}
