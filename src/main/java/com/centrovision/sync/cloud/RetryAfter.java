package com.centrovision.sync.cloud;

import java.time.Duration;
import java.time.Instant;
import org.apache.hc.client5.http.utils.DateUtils;
import org.apache.hc.core5.http.Header;

/** How long an answer asks to be left alone: {@code Retry-After} in seconds or as a date. */
public final class RetryAfter {
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private RetryAfter() {}

    /**
     * Ten minutes at the most; nothing where it is missing, past or not understood.
     *
     * @param header null where the answer has none
     * @param cloudNow what a date is counted from
     */
    public static Duration of(Header header, Instant cloudNow) {
        if (header == null) {
            return Duration.ZERO;
        }
        var wait = wait(header.getValue().trim(), cloudNow);
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return wait.compareTo(LONGEST) < 0 ? wait : LONGEST;
    }

    private static Duration wait(String value, Instant cloudNow) {
        if (value.matches("\\d{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(value));
        }
        var date = DateUtils.parseStandardDate(value);
        return date == null ? Duration.ZERO : Duration.between(cloudNow, date);
    }
}
