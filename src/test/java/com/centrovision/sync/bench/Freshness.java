package com.centrovision.sync.bench;

import com.centrovision.sync.demo.LabDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** How old a change is when the other side has it. */
final class Freshness implements Scenario {
    private static final int SAMPLES = 20;
    private static final int INTERVAL_SECONDS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String UP = "a clinic's change in the cloud, 95th percentile";
    private static final String DOWN = "a cloud's change in the clinic, 95th percentile";

    @Override
    public String name() {
        return "freshness";
    }

    @Override
    public String method() {
        return "Single changes of patients over the line, plain REST, %d each way in a repetition, an interval of %d s."
                .formatted(SAMPLES, INTERVAL_SECONDS);
    }

    @Override
    public void measure(Stand stand, Figures figures) throws Exception {
        stand.patients(SAMPLES * 2);
        var clinic = stand.newClinic();
        try (var service = stand.service(clinic, "patients")) {
            service.image().set("sync", "interval_seconds", String.valueOf(INTERVAL_SECONDS));
            service.start().awaitLoaded(PATIENCE);
            stand.line().become(LineShape.CLINIC);
            figures.add(UP, "s", percentile95(clinic, stand.lab().cloud(), 0));
            figures.add(DOWN, "s", percentile95(stand.lab().cloud(), clinic, SAMPLES));
        }
    }

    private static double percentile95(LabDatabase from, LabDatabase to, int firstRow) throws Exception {
        var ages = new ArrayList<Double>();
        for (int sample = 0; sample < SAMPLES; sample++) {
            Thread.sleep(ThreadLocalRandom.current().nextInt(1500));
            var row = "id = demo_uuid('%s', 'patients', %d)".formatted(Stand.SEED, firstRow + sample + 1);
            var mark = UUID.randomUUID();
            from.execute("update patients set notes = '" + mark + "' where " + row);
            var watch = new Stopwatch();
            Lookout.until(to, "select notes = '" + mark + "' from patients where " + row, PATIENCE);
            ages.add(watch.seconds());
        }
        return Percentile.of95(ages);
    }

    @Override
    public List<Goal> goals(Figures figures) {
        return List.of(
                Goal.atMost("s from clinic to cloud", figures.median(UP), 2),
                Goal.atMost("s from cloud to clinic", figures.median(DOWN), INTERVAL_SECONDS + 1));
    }
}
