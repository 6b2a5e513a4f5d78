package com.centrovision.sync.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuietHoursTest {
    private static final ZoneId HONDURAS = ZoneId.of("America/Tegucigalpa");

    @Test
    void endInTheMorningOfTheClinic() {
        var night = QuietHours.parse("22:00-6:00");

        assertEquals(Optional.of("2026-11-22T12:00:00Z"), end(night, "2026-11-22T04:00:00Z"));
        assertEquals(Optional.of("2026-11-22T12:00:00Z"), end(night, "2026-11-22T11:59:59Z"));
        assertEquals(Optional.empty(), end(night, "2026-11-22T12:00:00Z"));
        assertEquals(Optional.empty(), end(night, "2026-11-22T03:59:59Z"));
    }

    @Test
    void mayLieWithinADay() {
        var siesta = QuietHours.parse("12:30 - 14:00");

        assertEquals(Optional.of("2026-11-22T20:00:00Z"), end(siesta, "2026-11-22T18:30:00Z"));
        assertEquals(Optional.empty(), end(siesta, "2026-11-22T20:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"22:00", "22-6", "25:00-06:00", "22:00-22:00", "22:00-06:00-07:00", "noche"})
    void areTwoDifferentTimes(String text) {
        assertThrows(IllegalArgumentException.class, () -> QuietHours.parse(text));
    }

    private static Optional<String> end(QuietHours hours, String now) {
        return hours.endAfter(Instant.parse(now), HONDURAS).map(Instant::toString);
    }
}
