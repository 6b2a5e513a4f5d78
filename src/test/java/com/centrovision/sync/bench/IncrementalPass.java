package com.centrovision.sync.bench;

import com.centrovision.sync.testing.ClinicService;
import java.util.List;

/** Whether a pass with changes costs more where the table is larger. */
final class IncrementalPass implements Scenario {
    private static final int MOST_CHANGES = 1000;
    private static final String FEW = "a thousand changes in few rows";
    private static final String MANY = "a thousand changes in a hundred times as many";

    @Override
    public String name() {
        return "incremental";
    }

    @Override
    public String method() {
        return "A pass of the table without delay after 1,000 patients were changed in the cloud, in one of a tenth of the rows"
                + " and in one of ten times the rows; the service runs in the benchmark's process. Three passes each time;"
                + " the rows of the ones before still lie within the overlap. What counts the whole table, every few minutes, is not in it.";
    }

    @Override
    public void measure(Stand stand, Figures figures) throws Exception {
        passes(stand, figures, stand.options().fewRows(), FEW);
        passes(stand, figures, stand.options().manyRows(), MANY);
    }

    private static void passes(Stand stand, Figures figures, int rows, String name) throws Exception {
        var changes = Math.min(MOST_CHANGES, stand.options().fewRows() / 10);
        stand.patients(rows);
        var clinic = stand.newClinic();
        try (var service = ClinicService.onDemand(stand.lab(), clinic, "patients")) {
            service.pass();
            stand.requireEqual(clinic, "patients");
            Stand.settle(clinic);
            for (int pass = 0; pass < 3; pass++) {
                stand.lab()
                        .cloud()
                        .execute(
                                """
                                update patients set notes = md5(random()::text)
                                where id in (
                                  select demo_uuid('%s', 'patients', i)
                                  from generate_series(1, %d, %d) i
                                  order by i
                                  limit %d)
                                """
                                        .formatted(Stand.SEED, rows, Math.max(1, rows / changes), changes));
                var start = stand.processorTime();
                var watch = new Stopwatch();
                service.pass("patients");
                figures.add(name, "s", watch.seconds());
                var spent = stand.processorTime().since(start);
                figures.add(name + ": processor time", "s", spent.all());
                stand.requireEqual(clinic, "patients");
            }
        }
    }

    @Override
    public List<Goal> goals(Figures figures) {
        return List.of(
                Goal.atMost("of the time in few rows", figures.ratio(MANY, FEW), 1.2),
                Goal.atMost(
                        "of the processor time in few rows",
                        figures.ratio(MANY + ": processor time", FEW + ": processor time"),
                        1.2));
    }
}
