package com.centrovision.sync.bench;

import java.time.Duration;
import java.util.List;

/** The first load of patients as a clinic sees it. */
final class FirstLoadOverLine implements Scenario {
    private static final String LIMIT = "limit: four keyset streams with gzip to nowhere";
    private static final String SERVICE = "the service";
    private static final String REPLICATION = "PostgreSQL's logical replication, initial copy";
    private static final String SKETCH = "the specification's pseudo-code, with pages";
    private static final String UNCOMPRESSED_SKETCH = "the same, answers not compressed";
    private static final String UNIT = "rows/s";

    @Override
    public String name() {
        return "first-load";
    }

    @Override
    public String method() {
        return "All patients over the line. The service's time runs from its first request for rows to the load's end in"
                + " `_sync_metadata`.";
    }

    @Override
    public void prepare(Stand stand) {
        stand.patients(stand.options().rows());
    }

    @Override
    public void measure(Stand stand, Figures figures) throws Exception {
        var rows = stand.options().rows();
        var patience = stand.options().patience(rows);
        stand.line().become(LineShape.CLINIC);
        var watch = new Stopwatch();
        var read = KeysetStreams.read(stand, "patients", true, patience);
        figures.add(LIMIT, UNIT, read / watch.seconds());

        service(stand, figures, rows, patience);

        var clinic = stand.newClinic();
        figures.add(
                REPLICATION,
                UNIT,
                rows / LogicalReplication.copy(stand, clinic, "patients", LineShape.CLINIC, patience));

        sketch(stand, figures, SKETCH, true);
        sketch(stand, figures, UNCOMPRESSED_SKETCH, false);
    }

    private static void sketch(Stand stand, Figures figures, String name, boolean compressed) throws Exception {
        var rows = stand.options().rows();
        var clinic = stand.newClinic();
        clinic.generatePatients(Stand.SEED, 0);
        stand.line().become(LineShape.CLINIC);
        var watch = new Stopwatch();
        var sketched = new PseudoCode(stand, clinic, "patients", compressed)
                .down(rows, stand.options().patience(rows));
        figures.add(name, UNIT, sketched / watch.seconds());
    }

    private static void service(Stand stand, Figures figures, int rows, Duration patience) throws Exception {
        var clinic = stand.newClinic();
        try (var service = stand.service(clinic, "patients")) {
            stand.line().become(LineShape.CLINIC);
            service.start();
            var watch = service.awaitFirstPage(patience);
            var start = service.processorTime();
            service.awaitLoaded(patience);
            figures.add(SERVICE, UNIT, rows / watch.seconds());
            service.processorTime().since(start).addTo(figures, SERVICE);
            figures.add(SERVICE + ": most resident memory", "MB", service.mostResidentBytes() / 1e6);
            stand.line().traffic().addTo(figures, SERVICE, rows);
            stand.requireEqual(clinic, "patients");
        }
    }

    @Override
    public List<Goal> goals(Figures figures) {
        return List.of(
                Goal.atLeast("of the limit", figures.ratio(SERVICE, LIMIT), 0.9),
                Goal.atLeast("times logical replication", figures.ratio(SERVICE, REPLICATION), 3),
                Goal.atLeast("times the pseudo-code", figures.ratio(SERVICE, SKETCH), 10),
                Goal.atLeast(
                        "times the pseudo-code, answers not compressed",
                        figures.ratio(SERVICE, UNCOMPRESSED_SKETCH),
                        10));
    }
}
