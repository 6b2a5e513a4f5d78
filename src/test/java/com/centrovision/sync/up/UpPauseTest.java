package com.centrovision.sync.up;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class UpPauseTest {
    private final UpPause pause = new UpPause(() -> 0, Duration.ofSeconds(5));

    @Test
    void holdsWhereTheSameChangesAreTakenAgainAndAgain() {
        for (int time = 0; time < 5; time++) {
            pause.taken("patients", "a,b");
            assertFalse(pause.holds());
        }

        pause.taken("patients", "a,b");

        assertTrue(pause.holds());
    }

    @Test
    void doesNotHoldOtherChanges() {
        for (int row = 0; row < 1000; row++) {
            pause.taken("patients", "row " + row);
        }

        assertFalse(pause.holds());
    }
}
