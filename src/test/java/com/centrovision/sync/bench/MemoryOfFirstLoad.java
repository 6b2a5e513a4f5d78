package com.centrovision.sync.bench;

import java.util.List;

/** Whether the service's memory depends on how much there is to load. */
final class MemoryOfFirstLoad implements Scenario {
    private static final String FEW = "most resident memory, few rows";
    private static final String MANY = "most resident memory, a hundred times as many";
    private static final String RATE = "rate of the large load";
    private static final String LARGE_ROW = "most resident memory, one row of 8 MB";
    private static final int LARGE_BYTES = 8_000_000;

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public String method() {
        return "First loads without delay in the default heap: a tenth of the rows, ten times the rows, and one patient"
                + " whose notes are 8 MB long.";
    }

    @Override
    public void measure(Stand stand, Figures figures) throws Exception {
        var options = stand.options();
        stand.patients(options.fewRows());
        load(stand, figures, options.fewRows(), FEW);
        stand.patients(options.manyRows());
        figures.add(RATE, "rows/s", load(stand, figures, options.manyRows(), MANY));
        stand.patients(10);
        stand.lab()
                .cloud()
                .execute(
                        "update patients set notes = repeat('ñ', %d) where id = (select min(id::text)::uuid from patients)"
                                .formatted(LARGE_BYTES / 2));
        load(stand, figures, 10, LARGE_ROW);
    }

    private static double load(Stand stand, Figures figures, int rows, String name) throws Exception {
        var clinic = stand.newClinic();
        try (var service = stand.service(clinic, "patients").start()) {
            var patience = stand.options().patience(rows);
            var watch = service.awaitFirstPage(patience);
            service.awaitLoaded(patience);
            var seconds = watch.seconds();
            figures.add(name, "MB", service.mostResidentBytes() / 1e6);
            stand.requireEqual(clinic, "patients");
            return rows / seconds;
        }
    }

    @Override
    public List<Goal> goals(Figures figures) {
        return List.of(
                Goal.atMost("of the memory for a hundredth of the rows", figures.ratio(MANY, FEW), 1.1),
                Goal.atMost("rows of 8 MB that did not pass", Double.isNaN(figures.median(LARGE_ROW)) ? 1 : 0, 0));
    }
}
