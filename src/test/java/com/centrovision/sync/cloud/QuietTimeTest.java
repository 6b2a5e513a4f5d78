package com.centrovision.sync.cloud;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import org.apache.hc.core5.http.message.BasicHeader;
import org.junit.jupiter.api.Test;

/** Protocol 4.5: what {@code Retry-After} asks for. */
class QuietTimeTest {
    private static final Instant START = Instant.parse("2026-05-01T09:00:00Z");

    private long now = Long.MAX_VALUE - 1_000_000_000;
    private final long began = now;
    private final QuietTime quiet = new QuietTime(() -> now);

    private void learn(String retryAfter, Instant cloudNow) {
        quiet.learn(new BasicHeader("Retry-After", retryAfter), cloudNow);
    }

    private boolean holdsAfter(long seconds) {
        now = began + seconds * 1_000_000_000;
        return quiet.holds();
    }

    @Test
    void holdsForTheSecondsThatAreAskedFor() {
        learn("30", START);

        assertTrue(holdsAfter(29));
        assertFalse(holdsAfter(30));
    }

    @Test
    void countsADateFromTheCloudsOwnClock() {
        learn("Fri, 01 May 2026 10:00:30 GMT", START.plusSeconds(3600));

        assertTrue(holdsAfter(29));
        assertFalse(holdsAfter(30));
    }

    @Test
    void neverHoldsForLongerThanTenMinutes() {
        learn("86400", START);

        assertTrue(holdsAfter(599));
        assertFalse(holdsAfter(600));
    }

    @Test
    void aShorterWaitDoesNotEndALongerOne() {
        learn("60", START);
        learn("1", START);

        assertTrue(holdsAfter(59));
    }

    @Test
    void ignoresWhatIsMissingPastOrNotUnderstood() {
        quiet.learn(null, START);
        learn("soon", START);
        learn("-5", START);
        learn("Fri, 01 May 2026 08:00:00 GMT", START);

        assertFalse(quiet.holds());
    }
}
