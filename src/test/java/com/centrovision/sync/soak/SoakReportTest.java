package com.centrovision.sync.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SoakReportTest {
    private static Sample sample(long pid, int number, long heap, long threads, long log) {
        return new Sample(pid, 5L * number, heap << 20, 250L << 20, threads, 120, 6, log);
    }

    @Test
    void aProcessThatTakesTheSameAllTheTimeIsFine() {
        var samples = IntStream.range(0, 20)
                .mapToObj(number -> sample(7, number, 50 + number % 4, 40, 100L * number))
                .toList();

        assertEquals(List.of(), new SoakReport(samples).excesses());
    }

    @Test
    void whatGrowsIsNamedThoughAnotherProcessWentBefore() {
        var before = IntStream.range(0, 5).mapToObj(number -> sample(6, number, 110, 120, 0));
        var leak = IntStream.range(5, 25).mapToObj(number -> sample(7, number, 50 + 3 * number, 40 + 5 * number, 0));

        var excesses = new SoakReport(Stream.concat(before, leak).toList()).excesses();

        assertEquals(2, excesses.size(), excesses::toString);
        assertTrue(excesses.get(0).startsWith("heap_mb"), excesses::toString);
        assertTrue(excesses.get(1).startsWith("threads"), excesses::toString);
    }

    @Test
    void aLogThatFloodsIsNamed() {
        var samples = new ArrayList<Sample>();
        IntStream.range(0, 20).forEach(number -> samples.add(sample(7, number, 50, 40, 20_000L * number)));

        assertTrue(new SoakReport(samples).excesses().get(0).startsWith("log"));
    }
}
