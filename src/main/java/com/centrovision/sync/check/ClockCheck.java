package com.centrovision.sync.check;

import com.centrovision.sync.cloud.CloudClock;
import com.centrovision.sync.problem.Text;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** How far this machine's clock and the cloud's are apart: conflicts are decided by them. */
public record ClockCheck(CloudClock clock) implements Check {
    private static final Duration WORTH_A_WARNING = Duration.ofSeconds(2);
    private static final Duration TOO_FAR = Duration.ofSeconds(60);

    @Override
    public List<Finding> findings() {
        var apart = clock.skew().abs();
        var here = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        var there = clock.now().truncatedTo(ChronoUnit.SECONDS);
        if (apart.compareTo(TOO_FAR) > 0) {
            return List.of(Finding.wrong(Text.of("check.clock.wrong", here, there, apart.toSeconds())));
        }
        return List.of(
                apart.compareTo(WORTH_A_WARNING) > 0
                        ? Finding.notice(Text.of("check.clock.apart", here, there, apart.toSeconds()))
                        : Finding.fine(Text.of("check.clock.fine", here, there)));
    }
}
