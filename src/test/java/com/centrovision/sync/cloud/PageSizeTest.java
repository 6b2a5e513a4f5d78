package com.centrovision.sync.cloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PageSizeTest {
    private static final Duration QUICKLY = Duration.ofMillis(300);

    private final PageSize pages = new PageSize(1000);

    @Test
    void heavyRowsMakeSmallPages() {
        assertEquals(4, pages.after("study_files", 10, 10 << 20, QUICKLY));
        assertEquals(1, pages.after("study_files", 1, 32 << 20, QUICKLY));
    }

    @Test
    void lightRowsMakePagesNoLargerThanConfigured() {
        assertEquals(1000, pages.after("patients", 200, 200_000, QUICKLY));
    }

    @Test
    void aPageThatWasTooLargeIsQuarteredUntilItFits() {
        assertEquals(250, pages.tooLarge("encounters", 1000));
        assertEquals(62, pages.tooLarge("encounters", 250));
        assertEquals(1, pages.tooLarge("encounters", 3));
        assertEquals(1, pages.tooLarge("encounters", 1));
        assertEquals(1, pages.first("encounters"));
        assertEquals(1000, pages.after("patients", 100, 1000, QUICKLY));
    }

    @Test
    void behindALargeRowPagesGrowAgain() {
        pages.tooLarge("encounters", 4);

        assertEquals(2, pages.after("encounters", 1, 1000, QUICKLY));
        assertEquals(4, pages.after("encounters", 2, 1000, QUICKLY));
        assertEquals(1, pages.after("encounters", 4, 20 << 20, QUICKLY));
    }

    @Test
    void slowAnswersMakeSmallPages() {
        assertEquals(100, pages.after("patients", 200, 200_000, Duration.ofSeconds(30)));
    }

    @Test
    void aPageThatBrokeOffIsHalvedUntilItGetsThrough() {
        assertEquals(100, pages.brokeOff("patients", 200));
        assertEquals(100, pages.first("patients"));
        assertEquals(50, pages.brokeOff("patients", 100));
        assertEquals(50, pages.first("patients"));

        assertEquals(100, pages.after("patients", 50, 5000, QUICKLY));
        assertEquals(200, pages.after("patients", 100, 10_000, QUICKLY));
        assertEquals(400, pages.after("patients", 200, 20_000, QUICKLY));
    }

    @Test
    void anEmptyPageIsTheLastAndAFullOneIsNot() {
        assertTrue(pages.isLast(0, 200));
        assertTrue(!pages.isLast(200, 200));
    }
}
