package com.centrovision.sync.up;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UpWidthTest {
    private static final long NOW = 1_000_000;

    private final List<Integer> widths = new ArrayList<>();
    private final UpWidth width = new UpWidth(32, widths::add, () -> NOW);

    /** A cloud that works on so many requests at once; the others wait. */
    private void answers(int atOnce, int times) {
        for (int answer = 0; answer < times; answer++) {
            width.answered(NOW - (long) (1000 * Math.max(1, (double) width.width() / atOnce)));
        }
    }

    @Test
    void asksMoreAtOnceWhileThatBringsMoreAnswers() {
        answers(100, 300);

        assertEquals(List.of(12, 18, 27, 32), widths);
    }

    @Test
    void staysWhereMoreWouldOnlyWait() {
        answers(8, 3000);

        assertTrue(widths.stream().allMatch(each -> each == 8 || each == 12), widths::toString);
    }

    @Test
    void backsOffWhenTheCloudSlowsDownAndComesBack() {
        answers(100, 300);

        answers(4, 500);
        var slow = width.width();
        answers(100, 2000);

        assertTrue(slow >= 4 && slow <= 8, widths::toString);
        assertEquals(32, width.width(), widths::toString);
    }

    @Test
    void isHalvedWhenTheCloudRefusesButNeverNothing() {
        width.refused();
        assertEquals(4, width.width());

        width.refused();
        width.refused();
        assertEquals(2, width.width());
    }

    @Test
    void isNeverWiderThanConfigured() {
        var one = new UpWidth(1, widths::add, () -> NOW);

        one.refused();
        for (int answer = 0; answer < 100; answer++) {
            one.answered(NOW - 1000);
        }

        assertEquals(1, one.width());
        assertEquals(List.of(), widths);
    }
}
