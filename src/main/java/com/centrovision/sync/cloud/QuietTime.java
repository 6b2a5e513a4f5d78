package com.centrovision.sync.cloud;

import java.time.Instant;
import java.util.function.LongSupplier;
import org.apache.hc.core5.http.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How long the cloud asked to be left alone ({@code Retry-After}); ten minutes at the most. Threads share it. */
final class QuietTime {
    private static final Logger LOG = LoggerFactory.getLogger(QuietTime.class);

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
        var wait = RetryAfter.of(retryAfter, cloudNow);
        var end = nanos.getAsLong() + wait.toNanos();
        if (!wait.isZero()) {
            if (!holds()) {
                LOG.info("cloud asks for quiet seconds={}", wait.toSeconds());
            }
            until = until - end > 0 ? until : end;
        }
    }
}
