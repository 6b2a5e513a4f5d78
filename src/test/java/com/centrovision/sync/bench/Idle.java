package com.centrovision.sync.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What the service takes while nothing happens: all tables, in both ways of working with the cloud. */
final class Idle implements Scenario {
    private static final Duration SILENCE = Duration.ofSeconds(3);
    private static final Duration START_PATIENCE = Duration.ofMinutes(2);
    private static final int PATIENTS = 200;

    /** The way, and what a pass of it may take. */
    private enum Way {
        PLAIN("plain", 0.7, 30),
        ASSISTED("with the cloud part", 0.7, 2);

        private final String text;
        private final double seconds;
        private final double kilobytes;

        Way(String text, double seconds, double kilobytes) {
            this.text = text;
            this.seconds = seconds;
            this.kilobytes = kilobytes;
        }

        String of(String figure) {
            return text + ": " + figure;
        }
    }

    @Override
    public String name() {
        return "idle";
    }

    @Override
    public String method() {
        return "All tables over the line, every 30 s, while nothing changes. A pass is what goes over the line between two"
                + " silences of three seconds, with headers; counts of rows and checks of health are in it where they fall.";
    }

    @Override
    public void measure(Stand stand, Figures figures) throws Exception {
        for (var way : Way.values()) {
            stand.allTables(PATIENTS);
            if (way == Way.ASSISTED) {
                stand.installFunctions();
            }
            watch(stand, figures, way);
        }
    }

    private static void watch(Stand stand, Figures figures, Way way) throws Exception {
        var clinic = stand.newClinic();
        try (var service = stand.service(clinic).start()) {
            service.awaitLoaded(START_PATIENCE);
            service.stop();
            stand.line().become(LineShape.CLINIC);
            var startedAt = Instant.now();
            var watch = new Stopwatch();
            service.start();
            Lookout.until(
                    clinic,
                    "select bool_and(last_sync_from_supabase > '" + startedAt + "') from _sync_metadata where active",
                    START_PATIENCE);
            figures.add(way.of("start to first pass"), "s", watch.seconds());
            Thread.sleep(Duration.ofSeconds(30).toMillis());
            idle(stand, figures, way, service);
        }
    }

    private static void idle(Stand stand, Figures figures, Way way, Service service) throws Exception {
        var length = stand.options().idle();
        stand.line().clear();
        stand.lab().gateway().clearLog();
        var start = service.processorTime();
        Thread.sleep(length.toMillis());
        var spent = service.processorTime().since(start);
        var bursts = stand.line().traffic().bursts(SILENCE);
        var passes = Math.max(1, length.toSeconds() / 30);
        figures.add(
                way.of("requests a pass"),
                "",
                (double) stand.lab().gateway().requests().size() / passes);
        figures.add(way.of("kilobytes a pass"), "kB", stand.line().traffic().bytes() / 1e3 / passes);
        figures.add(way.of("seconds of a pass"), "s", median(bursts));
        figures.add(way.of("processor"), "%", 100 * spent.service() / length.toSeconds());
        figures.add(way.of("processor of the clinic's PostgreSQL"), "%", 100 * spent.clinic() / length.toSeconds());
        figures.add(way.of("resident memory"), "MB", service.residentBytes() / 1e6);
    }

    private static double median(List<Traffic.Burst> bursts) {
        var lengths = bursts.stream()
                .map(burst -> burst.length().toMillis() / 1e3)
                .sorted()
                .toList();
        return lengths.isEmpty() ? Double.NaN : lengths.get(lengths.size() / 2);
    }

    @Override
    public List<Goal> goals(Figures figures) {
        var requests = Way.ASSISTED.of("requests a pass");
        var common = Arrays.stream(Way.values())
                .flatMap(way -> Stream.of(
                        Goal.atMost(way.of("s a pass"), figures.median(way.of("seconds of a pass")), way.seconds),
                        Goal.atMost(way.of("kB a pass"), figures.median(way.of("kilobytes a pass")), way.kilobytes),
                        Goal.atMost(way.of("% of one processor"), figures.median(way.of("processor")), 1),
                        Goal.atMost(way.of("MB resident"), figures.median(way.of("resident memory")), 200),
                        Goal.atMost(
                                way.of("s from start to first pass"),
                                figures.median(way.of("start to first pass")),
                                5)));
        return Stream.concat(common, Stream.of(Goal.atMost(requests, figures.median(requests), 1)))
                .toList();
    }
}
