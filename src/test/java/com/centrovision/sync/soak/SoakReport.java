package com.centrovision.sync.soak;

import com.centrovision.sync.soak.Sample.Figure;
import java.util.ArrayList;
import java.util.List;

/** The figures of the process that lived longest, its start left out: the first quarter of its life beside the last. */
final class SoakReport {
    private static final long MB = 1 << 20;

    /**
     * What the last quarter may be above the first: a share of it, and a margin for what comes and goes. Threads and
     * connections come and go with the weather, up to those that the settings allow.
     */
    private enum Bound {
        HEAP(Figure.HEAP_MB, 1.25, 12, 120),
        MEMORY(Figure.MEMORY_MB, 1.3, 60, 600),
        THREADS(Figure.THREADS, 1, 100, 100),
        FILES(Figure.FILES, 1.2, 30, 500),
        CONNECTIONS(Figure.CONNECTIONS, 1, 20, 20);

        private final Figure figure;
        private final double factor;
        private final long margin;
        private final long most;

        Bound(Figure figure, double factor, long margin, long most) {
            this.figure = figure;
            this.factor = factor;
            this.margin = margin;
            this.most = most;
        }
    }

    private static final double LOG_BYTES_A_MINUTE = 0.1 * MB;

    private final List<String> lines = new ArrayList<>();
    private final List<String> excesses = new ArrayList<>();

    SoakReport(List<Sample> samples) {
        var life = longestLife(samples);
        for (var bound : Bound.values()) {
            var first = median(bound.figure, life.subList(0, quarter(life)));
            var last = median(bound.figure, life.subList(life.size() - quarter(life), life.size()));
            var limit = Math.min(bound.most, Math.round(first * bound.factor + bound.margin));
            var line = "%s first=%d last=%d limit=%d".formatted(bound.figure, first, last, limit);
            lines.add(line);
            if (last > limit) {
                excesses.add(line);
            }
        }
        var ends = samples.get(samples.size() - 1);
        var perMinute = 60 * ends.log() / Math.max(1, ends.second());
        var line = "log bytes_per_minute=%d limit=%.0f".formatted(perMinute, LOG_BYTES_A_MINUTE);
        lines.add(line);
        if (perMinute > LOG_BYTES_A_MINUTE) {
            excesses.add(line);
        }
    }

    List<String> lines() {
        return lines;
    }

    List<String> excesses() {
        return excesses;
    }

    private static List<Sample> longestLife(List<Sample> samples) {
        var longest = samples.stream()
                .map(Sample::pid)
                .distinct()
                .map(pid ->
                        samples.stream().filter(sample -> sample.pid() == pid).toList())
                .max((one, other) -> Integer.compare(one.size(), other.size()))
                .orElseThrow();
        return longest.subList(longest.size() / 10, longest.size());
    }

    private static int quarter(List<Sample> life) {
        return Math.max(1, life.size() / 4);
    }

    private static long median(Figure figure, List<Sample> samples) {
        var sorted = samples.stream().mapToLong(figure::of).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
