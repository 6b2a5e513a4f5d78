package com.centrovision.sync.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.backup.Retention.Kept;
import com.centrovision.sync.config.Config;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class RetentionTest {
    private static final ZoneId ZONE = ZoneId.of("America/Tegucigalpa");
    private static final Instant START = Instant.parse("2025-01-01T07:00:00Z");

    private final Retention retention = new Retention(new Config.Retention(7, 4, 12, 5), ZONE);

    @Test
    void twoYearsOfNightsLeaveDaysWeeksAndMonths() {
        var backups = new ArrayList<Kept>();
        for (int night = 0; night < 730; night++) {
            backups.add(proved(START.plus(Duration.ofDays(night))));
            backups.removeAll(retention.expired(backups));
        }

        var days = backups.stream().map(RetentionTest::day).sorted().toList();
        var last = LocalDate.of(2026, 12, 31);
        for (int back = 0; back < 7; back++) {
            assertTrue(days.contains(last.minusDays(back)), days::toString);
        }
        for (int month = 1; month <= 12; month++) {
            var end = LocalDate.of(2026, month, 1).plusMonths(1).minusDays(1);
            assertTrue(days.contains(end), end::toString);
        }
        assertTrue(days.contains(LocalDate.of(2026, 12, 13)), days::toString);
        assertTrue(days.contains(LocalDate.of(2026, 12, 20)), days::toString);
        assertTrue(days.size() <= 7 + 4 + 12, days::toString);
        var kinds = retention.kinds(backups);
        assertEquals(7, Collections.frequency(kinds.values(), KeptBackup.Kind.DAILY));
        assertEquals(
                KeptBackup.Kind.WEEKLY,
                kinds.get(START.plus(Duration.ofDays(711)).toString()),
                kinds::toString);
        assertEquals(backups.size(), kinds.size(), "each is kept for something");
    }

    @RepeatedTest(300)
    void whateverHappensTheNewestProvedOnesStay(RepetitionInfo repetition) {
        var random = new Random(repetition.getCurrentRepetition());
        var limits = new Config.Retention(
                1 + random.nextInt(8), random.nextInt(5), random.nextInt(13), 1 + random.nextInt(6));
        var rule = new Retention(limits, ZONE);
        var backups = new ArrayList<Kept>();
        for (int made = random.nextInt(80); made > 0; made--) {
            backups.add(new Kept("b" + made, START.plusSeconds(random.nextInt(86_400 * 500)), random.nextInt(4) > 0));
        }
        var newestFirst = backups.stream()
                .sorted(Comparator.comparing(Kept::madeAt).reversed().thenComparing(Kept::name))
                .toList();

        var expired = rule.expired(backups);

        var proved = newestFirst.stream().filter(Kept::proved).toList();
        var must = proved.subList(0, Math.min(limits.atLeast(), proved.size()));
        must.forEach(backup -> assertFalse(expired.contains(backup), backup::toString));
        if (!newestFirst.isEmpty() && !newestFirst.get(0).proved()) {
            assertEquals(List.of(), expired);
        }
        var left = new ArrayList<>(backups);
        left.removeAll(expired);
        assertEquals(List.of(), rule.expired(left), "a second look deletes nothing more");
        assertTrue(expired.isEmpty()
                || left.size() <= limits.daily() + limits.weekly() + limits.monthly() + limits.atLeast());
    }

    @Test
    void nothingGoesAfterABackupThatWasNotProved() {
        var backups = new ArrayList<Kept>();
        for (int night = 0; night < 100; night++) {
            backups.add(proved(START.plus(Duration.ofDays(night))));
        }
        backups.add(new Kept("bad", START.plus(Duration.ofDays(100)), false));

        assertEquals(List.of(), retention.expired(backups));
    }

    private static Kept proved(Instant at) {
        return new Kept(at.toString(), at, true);
    }

    private static LocalDate day(Kept backup) {
        return backup.madeAt().atZone(ZONE).toLocalDate();
    }
}
