package com.centrovision.sync.up;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.centrovision.sync.testing.Rule;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Protocol 4.2.9: on a line that carries little, little is taken at a time. */
class UpBulkTest {
    private long now;
    private final UpBulk bulk = new UpBulk(() -> now);

    private int after(int rounds, int chunks, Duration each) {
        for (int round = 0; round < rounds; round++) {
            bulk.begins(chunks);
            now += each.toNanos();
            bulk.times();
        }
        return bulk.times();
    }

    @Test
    @Rule("4.2.9")
    void lessIsTakenWhereItTakesLongAndMoreWhereItDoesNot() {
        assertEquals(1, after(5, 10, Duration.ofSeconds(40)));
        assertEquals(1, after(5, 10, Duration.ofSeconds(8)));
        assertEquals(1, after(5, 0, Duration.ofSeconds(1)));
        assertEquals(10, after(20, 10, Duration.ofSeconds(1)));
    }

    @Test
    void asMuchIsTakenAtOnceAsGoesInFiveSeconds() {
        assertEquals(6, after(1, 10, Duration.ofSeconds(4)));
        assertEquals(10, after(1, 10, Duration.ofMillis(2600)));
        assertEquals(2, after(1, 10, Duration.ofSeconds(20)));
    }

    @Test
    void timeInWhichNothingIsToBeSentTellsNothing() {
        var before = bulk.times();

        now += Duration.ofHours(1).toNanos();

        assertEquals(before, bulk.times());
    }
}
