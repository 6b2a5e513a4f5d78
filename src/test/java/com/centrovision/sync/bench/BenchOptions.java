package com.centrovision.sync.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** What of the benchmark runs, how large and how often: the system properties {@code bench.*}. */
record BenchOptions(
        int rows, int repeat, int updates, Duration idle, Set<String> only, boolean writesManual, Path results) {
    private static final int FULL_ROWS = 100_000;

    static BenchOptions fromProperties() {
        var rows = Integer.getInteger("bench.rows", FULL_ROWS);
        var only = Optional.ofNullable(System.getProperty("bench.only"))
                .map(names -> Set.of(names.split(",")))
                .orElse(Set.of());
        var isFull = only.isEmpty() && rows == FULL_ROWS;
        return new BenchOptions(
                rows,
                Integer.getInteger("bench.repeat", 3),
                Integer.getInteger("bench.updates", Math.max(200, rows / 50)),
                Duration.ofSeconds(Integer.getInteger("bench.idle", 300)),
                only,
                Boolean.parseBoolean(System.getProperty("bench.write", String.valueOf(isFull))),
                Path.of(System.getProperty("bench.results", "target/bench.json")));
    }

    boolean asksFor(String scenario) {
        return only.isEmpty() || only.contains(scenario);
    }

    /** Ten times the rows, for what must not depend on the size of a table. */
    int manyRows() {
        return 10 * rows;
    }

    /** A tenth of the rows. */
    int fewRows() {
        return rows / 10;
    }

    /** Long enough for a rate of 200 rows a second: whoever needs longer has failed. */
    Duration patience(int rows) {
        return Duration.ofSeconds(120 + rows / 200);
    }
}
