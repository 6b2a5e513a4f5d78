package com.centrovision.sync.files;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.centrovision.sync.config.Config;
import com.centrovision.sync.config.QuietHours;
import com.centrovision.sync.testing.Rule;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BandwidthTest {
    private final AtomicLong nanos = new AtomicLong();

    @Test
    @Rule("8.5")
    void keepsToItsShareByDay() {
        var bandwidth = bandwidth(800, 12);

        assertEquals(Duration.ZERO, bandwidth.book(50_000));
        assertEquals(Duration.ofMillis(500), bandwidth.book(100_000));
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertEquals(Duration.ofMillis(500), bandwidth.book(1));
    }

    @Test
    void savesNothingUpWhileNothingGoes() {
        var bandwidth = bandwidth(800, 12);
        bandwidth.book(100_000);
        nanos.addAndGet(Duration.ofMinutes(5).toNanos());

        assertEquals(Duration.ZERO, bandwidth.book(100_000));
        assertEquals(Duration.ofSeconds(1), bandwidth.book(100_000));
    }

    @Test
    void goesAsFastAsItCanInTheNightWindowOrWithoutALimit() {
        var night = bandwidth(800, 23);
        var beforeDawn = bandwidth(800, 5);
        var unlimited = bandwidth(0, 12);
        night.book(10_000_000);
        beforeDawn.book(10_000_000);
        unlimited.book(10_000_000);

        assertEquals(Duration.ZERO, night.book(10_000_000));
        assertEquals(Duration.ZERO, beforeDawn.book(10_000_000));
        assertEquals(Duration.ZERO, unlimited.book(10_000_000));
    }

    @Test
    void aSmallShareGoesInSmallBlocks() {
        assertEquals(2000, bandwidth(8, 12).block());
        assertEquals(65_536, bandwidth(0, 12).block());
        assertEquals(3_000_000, bandwidth(800, 12).inHalfAMinute());
    }

    private Bandwidth bandwidth(int kbps, int hour) {
        var now = ZonedDateTime.of(2026, 3, 2, hour, 0, 0, 0, ZoneId.systemDefault());
        return new Bandwidth(
                new Config.Storage(
                        true,
                        List.of("estudios"),
                        Path.of("files"),
                        Duration.ofMinutes(5),
                        kbps,
                        Optional.of(new QuietHours(LocalTime.of(22, 0), LocalTime.of(6, 0))),
                        1024,
                        30),
                nanos::get,
                Clock.fixed(now.toInstant(), now.getZone()));
    }
}
