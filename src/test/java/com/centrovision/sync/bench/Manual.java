package com.centrovision.sync.bench;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The page docs/performance.md, made from the newest result of each scenario. */
final class Manual {
    private static final String BOUNDS =
            """

            What bounds those that were looked into:

            - `first-load`, times the pseudo-code: the line. No program loads more rows a second than its 20 Mbit/s divided by the
              bytes of a row in the figures below; ten times the pseudo-code would need rows of about 80 bytes. A page of a thousand
              rows takes 156 bytes a row by gzip, as the service gets it, 163 by zstd -3, 116 by zstd -19, 114 by xz and 95 by bzip2.
              What the sketch says nothing of decides: without compression, the line gives it half as many rows.
            - `first-load-local`: the processors. Both databases, PostgREST, gateway, line and service share those of one machine,
              and the processor times below fill more than nine tenths of the time that passes. A load of 100,000 rows is over before Java
              has compiled what it runs: four runs of nearly the same code, of three to seven repetitions each, gave 0.91 to 0.94 of what the processors allow. 500,000 rows,
              measured once, gave 1.07: the service copies rows straight into their table, where the limit takes the way over a temporary one. 0.55 of
              logical replication is more than that limit on this machine: it sends rows without JSON and HTTP.
            """;

    private Manual() {}

    /** @param scenarios all there are; the page names those without a result */
    static String of(List<String> scenarios, Map<String, Result> results) throws IOException {
        var unmeasured = scenarios.stream()
                .filter(scenario -> !results.containsKey(scenario))
                .collect(joining(", "));
        var missed = results.values().stream()
                .flatMap(result -> result.goals().stream()
                        .filter(goal -> !goal.isMet())
                        .map(goal -> "- %s: %s %s, asked %s\n"
                                .formatted(
                                        result.scenario(),
                                        ResultText.number(goal.reached()),
                                        goal.text(),
                                        ResultText.number(goal.bound()))))
                .collect(joining());
        return """
                # Performance

                How fast the service is, next to limits and baselines that were measured in the same run, with the same
                PostgreSQL 16, the same PostgREST 12 and the same rows. Ratios count; the figures themselves are those of one
                machine that runs both sides, the gateway and the line.

                - **Machine**: %s, %d processors, %.0f GB, Linux %s. **Date**: %s.
                - **Data**: `demo_generate_patients`: 26 columns, about 1.1 kB of JSON a row.
                - **The line**: 120 ms there and back, 20 Mbit/s each way for all connections together, a round trip more for a
                  new connection. It is a TCP proxy of the benchmark's own (`DelayedLine`); `line` below measures it. TCP's slow
                  start and losses are not in it.
                - **The service**: the shipped image with its default settings and heap, a process of its own.
                - **The gateway** compresses answers as Supabase's does, and runs in the benchmark's process.
                - Each figure is the median of the repetitions beside it. A scenario keeps the figures of its newest run, which may be of an earlier commit. **Never measured**: %s.

                ## How to repeat

                    ./mvnw -Pbench verify                                        # all, at 100,000 rows, three times: about two hours
                    ./mvnw -Pbench verify -Dbench.only=first-load,verify         # some of it
                    ./mvnw -Pbench verify -Dbench.rows=5000 -Dbench.repeat=1     # a few minutes, to try it

                A full run writes this page, `-Dbench.write=true` has a part of it do so; `-Dbench.idle=60` shortens the idle time, `-Dbench.updates=500` sets the changes of
                `updates-up`, `-Dbench.java='...'` gives options to the service's Java. Results go to `target/bench.json` (or
                `-Dbench.results=FILE`), where each scenario's newest one is kept; the next run shows it as *before*.

                ## Goals that are missed

                %s
                ## Figures
                %s"""
                .formatted(
                        processor(),
                        Runtime.getRuntime().availableProcessors(),
                        memoryKilobytes() / 1048576.0,
                        System.getProperty("os.version"),
                        results.values().stream().map(Result::date).distinct().collect(joining(", ")),
                        unmeasured.isEmpty() ? "nothing" : unmeasured,
                        missed.isEmpty() ? "None.\n" : missed + BOUNDS,
                        results.values().stream()
                                .map(result -> ResultText.of(result, Optional.empty()))
                                .collect(joining()));
    }

    private static String processor() throws IOException {
        return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.split(":")[1].strip())
                .findFirst()
                .orElse("unknown");
    }

    private static long memoryKilobytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/meminfo")).stream()
                .filter(line -> line.startsWith("MemTotal"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }
}
