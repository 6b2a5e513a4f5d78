package com.centrovision.sync.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TokensTest {
    private long now;
    private final Tokens tokens = new Tokens(Optional.of("right"), () -> now);

    @Test
    void letsNobodyInWithoutAToken() {
        assertFalse(new Tokens(Optional.empty(), () -> now).accepts("a", ""));
    }

    @Test
    void letsAnAddressWaitAfterFiveWrongOnesAndForgetsThemAfterAMinute() {
        tryWrong("a", 4);
        assertTrue(tokens.accepts("a", "right"));
        tryWrong("a", 5);
        assertFalse(tokens.accepts("a", "right"));
        assertTrue(tokens.accepts("b", "right"));
        assertEquals(61, tokens.secondsToWait("a"));

        now += Duration.ofSeconds(60).toNanos();
        assertEquals(0, tokens.secondsToWait("a"));
        assertTrue(tokens.accepts("a", "right"));
    }

    @Test
    void letsAllWaitWhereWrongOnesComeFromManyAddresses() {
        for (int address = 0; address < 50; address++) {
            tryWrong("address " + address, 1);
        }
        assertFalse(tokens.accepts("another", "right"));
    }

    @Test
    void endsASessionAfterAWorkingDay() {
        var sessions = new Sessions(() -> now);
        var name = sessions.open();
        now += Sessions.LASTS.toNanos() - 1;
        assertTrue(sessions.isOpen(name));
        now++;
        assertFalse(sessions.isOpen(name));
        assertFalse(sessions.isOpen("another"));
    }

    private void tryWrong(String address, int times) {
        for (int count = 0; count < times; count++) {
            assertFalse(tokens.accepts(address, "wrong"));
        }
    }
}
