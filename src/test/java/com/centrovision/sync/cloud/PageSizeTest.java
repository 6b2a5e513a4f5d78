package com.centrovision.sync.cloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PageSizeTest {
    private final PageSize pages = new PageSize(1000);

    @Test
    void heavyRowsMakeSmallPages() {
        assertEquals(4, pages.after("study_files", 10, 10 << 20));
        assertEquals(1, pages.after("study_files", 1, 32 << 20));
    }

    @Test
    void lightRowsMakePagesNoLargerThanConfigured() {
        assertEquals(1000, pages.after("patients", 200, 200_000));
    }

    @Test
    void aPageThatWasTooLargeIsHalved() {
        pages.tooLarge("encounters", 1000);

        assertEquals(500, pages.after("encounters", 100, 1000));
        assertEquals(1000, pages.after("patients", 100, 1000));
    }

    @Test
    void anEmptyPageIsTheLastAndAFullOneIsNot() {
        assertTrue(pages.isLast(0, 200));
        assertTrue(!pages.isLast(200, 200));
    }
}
