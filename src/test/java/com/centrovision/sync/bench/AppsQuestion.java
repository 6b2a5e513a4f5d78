package com.centrovision.sync.bench;

import com.centrovision.sync.demo.FreePorts;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** How long an app waits for the answer to where it should work. */
final class AppsQuestion implements Scenario {
    private static final int WARM = 100;
    private static final int SAMPLES = 400;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String MEDIAN = "median";
    private static final String SLOW = "95th percentile";

    @Override
    public String name() {
        return "connection-status";
    }

    @Override
    public String method() {
        return "`/api/connection-status`, asked %d times at random moments over a kept connection, %d times before to warm up, while all tables are"
                        .formatted(SAMPLES, WARM)
                + " synced; the benchmark's own client is in the time.";
    }

    @Override
    public void measure(Stand stand, Figures figures) throws Exception {
        stand.allTables(100);
        try (var service = stand.service(stand.newClinic())) {
            var port = FreePorts.next();
            service.image().set("console", "port", String.valueOf(port));
            service.start().awaitLoaded(PATIENCE);
            var question = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/connection-status"))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            var app = HttpClient.newHttpClient();
            milliseconds(app, question, WARM);
            var waits = milliseconds(app, question, SAMPLES);
            figures.add(MEDIAN, "ms", waits.get(SAMPLES / 2));
            figures.add(SLOW, "ms", Percentile.of95(waits));
        }
    }

    /** In ascending order. */
    private static List<Double> milliseconds(HttpClient app, HttpRequest question, int times) throws Exception {
        var waits = new ArrayList<Double>();
        for (int time = 0; time < times; time++) {
            Thread.sleep(ThreadLocalRandom.current().nextInt(50));
            var watch = new Stopwatch();
            var answer = app.send(question, BodyHandlers.ofString());
            waits.add(1e3 * watch.seconds());
            if (answer.statusCode() != 200) {
                throw new Unfinished("the console answers " + answer.statusCode());
            }
        }
        return waits.stream().sorted().toList();
    }

    @Override
    public List<Goal> goals(Figures figures) {
        return List.of(Goal.atMost("ms, 95th percentile", figures.median(SLOW), 5));
    }
}
