package com.centrovision.sync.cloud.line;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WidthTest {
    private static final long PAGE = 1_000_000;

    private final AtomicLong nanos = new AtomicLong(-1_000_000);
    private final Width width = new Width(nanos::get);

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private void pages(int pages, long millis) {
        for (int page = 0; page < pages; page++) {
            width.measured(PAGE, Duration.ofMillis(millis));
        }
    }

    @Test
    void isNarrowUntilTheCloudHasAnsweredAtOnce() {
        assertFalse(width.isWide());
        width.answered(Duration.ofMillis(120));
        pages(10, 1);
        assertFalse(width.isWide());

        width.answered(Duration.ofMillis(5));
        width.answered(Duration.ofMillis(120));

        assertTrue(width.isWide());
    }

    @Test
    void aNearCloudOverALineOfTwentyMegabitsIsNarrow() {
        width.answered(Duration.ofMillis(5));
        pages(1, 400);
        assertTrue(width.isWide());

        pages(1, 400);
        width.answered(Duration.ofMillis(5));

        assertFalse(width.isWide());
    }

    @Test
    void oneSlowPageOrSlowCrumbsMakeNoNarrowLine() {
        width.answered(Duration.ofMillis(5));
        pages(1, 5_000);
        pages(1, 10);
        pages(1, 5_000);
        for (int crumb = 0; crumb < 10; crumb++) {
            width.measured(5_000, Duration.ofSeconds(1));
        }

        assertTrue(width.isWide());
    }

    @Test
    void whatWasNotSeenForAWhileIsNotBelieved() {
        width.answered(Duration.ofMillis(5));
        pages(2, 400);
        pass(Duration.ofMinutes(4));
        width.answered(Duration.ofMillis(5));
        assertFalse(width.isWide());

        pass(Duration.ofMinutes(2));
        assertTrue(width.isWide());

        pass(Duration.ofMinutes(4));
        assertFalse(width.isWide());
    }
}
