package com.centrovision.sync.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FiguresTest {
    @Test
    void takesTheMedianOfWhatWasMeasured() {
        assertEquals(3, figures("rate", 9, 1, 3).median("rate"));
        assertEquals(2, figures("rate", 3, 1).median("rate"));
    }

    @Test
    void whatWasNotMeasuredMeetsNoGoal() {
        var figures = figures("limit", 10);

        assertFalse(Goal.atLeast("of the limit", figures.ratio("service", "limit"), 0.9)
                .isMet());
        assertFalse(Goal.atMost("s", figures.median("service"), 15).isMet());
    }

    @Test
    void aGoalIsMetAtItsBound() {
        assertTrue(Goal.atLeast("of the limit", 0.9, 0.9).isMet());
        assertFalse(Goal.atLeast("of the limit", 0.89, 0.9).isMet());
        assertFalse(Goal.atMost("s", 15.1, 15).isMet());
    }

    private static Figures figures(String name, double... values) {
        var figures = new Figures();
        Arrays.stream(values).forEach(value -> figures.add(name, "", value));
        return figures;
    }
}
