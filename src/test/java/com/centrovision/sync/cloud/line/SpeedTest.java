package com.centrovision.sync.cloud.line;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.testing.Rule;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Protocol 5: when a line is called slow, and for how long. */
class SpeedTest {
    private static final long SECOND = 1_000_000_000;

    private long now;
    private final Speed speed = new Speed(() -> now);

    private void carries(int bytesPerSecond) {
        now += 4 * SECOND;
        speed.measured(4L * bytesPerSecond, Duration.ofSeconds(4));
    }

    private void isSlow() {
        carries(2000);
        carries(2000);
        assertTrue(speed.isSlow());
    }

    @Test
    @Rule("5.6")
    void oneStallMakesNoSlowLine() {
        carries(2000);
        carries(50_000);
        carries(2000);

        assertFalse(speed.isSlow());
    }

    @Test
    @Rule("5.6")
    void aLineBetweenBothMarksStaysWhatItIs() {
        carries(6000);
        carries(6000);
        assertFalse(speed.isSlow());

        isSlow();
        now += 60 * SECOND;
        carries(6000);
        assertTrue(speed.isSlow());
    }

    @Test
    void isFastAgainOnlyWhenItHasNotBeenSlowForAWhile() {
        isSlow();
        carries(50_000);
        assertTrue(speed.isSlow());

        now += 30 * SECOND;
        carries(50_000);
        assertFalse(speed.isSlow());
    }

    @Test
    void isForgottenWhereNothingIsMeasuredAnyMore() {
        isSlow();
        now += 901 * SECOND;

        assertFalse(speed.isSlow());
    }

    @Test
    void aSlowLineAndADoubtfulOneAreGivenMoreTime() {
        assertEquals(Duration.ofSeconds(1), speed.toCarry(65_536));

        speed.doubt();
        assertEquals(Duration.ofSeconds(64), speed.toCarry(65_536));

        now += 121 * SECOND;
        assertEquals(Duration.ofSeconds(1), speed.toCarry(65_536));
    }
}
