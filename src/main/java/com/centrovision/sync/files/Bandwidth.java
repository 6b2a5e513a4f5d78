package com.centrovision.sync.files;

import com.centrovision.sync.config.Config;
import com.centrovision.sync.config.QuietHours;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.function.LongSupplier;

/** How fast files may go, all together: so many bits a second by day, as fast as they can in the night window. Threads share it. */
final class Bandwidth {
    private static final int LARGEST_BLOCK = 65_536;
    private static final int SMALLEST_BLOCK = 1024;

    private final long bytesPerSecond;
    private final Optional<QuietHours> night;
    private final LongSupplier nanos;
    private final Clock clock;
    private long freeAt;

    Bandwidth(Config.Storage settings, LongSupplier nanos, Clock clock) {
        this.bytesPerSecond = settings.maxBandwidthKbps() * 1000L / 8;
        this.night = settings.nightWindow();
        this.nanos = nanos;
        this.clock = clock;
        this.freeAt = nanos.getAsLong();
    }

    /** How many bytes may go at a time, so that nobody has to wait for long in between. */
    int block() {
        return bytesPerSecond == 0
                ? LARGEST_BLOCK
                : (int) Math.max(SMALLEST_BLOCK, Math.min(LARGEST_BLOCK, 2 * bytesPerSecond));
    }

    /** How much may go in the time for which gateways leave a request open. */
    long inHalfAMinute() {
        return bytesPerSecond == 0 ? Long.MAX_VALUE : 30 * bytesPerSecond;
    }

    /** Books so many bytes, and says how long to wait before they go. */
    synchronized Duration book(int bytes) {
        var now = nanos.getAsLong();
        if (bytesPerSecond == 0 || isNight(clock.instant())) {
            freeAt = now;
            return Duration.ZERO;
        }
        var begins = Math.max(now, freeAt);
        freeAt = begins + bytes * 1_000_000_000L / bytesPerSecond;
        return Duration.ofNanos(begins - now);
    }

    private boolean isNight(Instant now) {
        return night.flatMap(hours -> hours.endAfter(now, ZoneId.systemDefault()))
                .isPresent();
    }
}
