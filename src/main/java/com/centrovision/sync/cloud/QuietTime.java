package com.centrovision.sync.cloud;

import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.apache.hc.client5.http.utils.DateUtils;
import org.apache.hc.core5.http.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How long the cloud asked to be left alone ({@code Retry-After}); ten minutes at the most. Threads share it. */
final class QuietTime {
    private static final Logger LOG = LoggerFactory.getLogger(QuietTime.class);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final LongSupplier nanos;
    private long until;

    /** @param nanos a clock that nobody sets */
    QuietTime(LongSupplier nanos) {
        this.nanos = nanos;
        this.until = nanos.getAsLong();
    }

    /** Whether nothing may be asked now. */
    synchronized boolean holds() {
        return until - nanos.getAsLong() > 0;
    }

    /** @param cloudNow what a date in the header is counted from */
    synchronized void learn(Header retryAfter, Instant cloudNow) {
        if (retryAfter == null) {
            return;
        }
        var wait = wait(retryAfter.getValue().trim(), cloudNow);
        var end = nanos.getAsLong() + (wait.compareTo(LONGEST) < 0 ? wait : LONGEST).toNanos();
        if (!wait.isNegative() && !wait.isZero()) {
            if (!holds()) {
                LOG.info("cloud asks for quiet seconds={}", wait.toSeconds());
            }
            until = until - end > 0 ? until : end;
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
