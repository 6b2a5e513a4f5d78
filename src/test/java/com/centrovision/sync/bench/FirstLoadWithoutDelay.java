package com.centrovision.sync.bench;

import java.time.Duration;
import java.util.List;

/** The first load where only the processors set a limit. */
final class FirstLoadWithoutDelay implements Scenario {
    private static final String LIMIT = "limit: what the processors allow";
    private static final String SERVICE = "the service";
    private static final String REPLICATION = "PostgreSQL's logical replication, initial copy";
    private static final String PLAIN_DOWNLOAD = "bare download, not compressed";
    private static final String COMPRESSED_DOWNLOAD = "bare download, compressed";
    private static final String COPY = "bare apply by COPY and upsert";
    private static final String JSON = "bare apply by one json statement a page";
    private static final String UNIT = "rows/s";

    /** Until a server has closed the account of a connection's process. */
    private static final Duration ENDED_AFTER = Duration.ofSeconds(1);

    private static final String COST = "ms of processor/1,000 rows";

    @Override
    public String name() {
        return "first-load-local";
    }

    @Override
    public String method() {
        return "All patients without delay. The limit: the processor time of the cheapest bare download and the cheapest"
                + " bare apply, of all processes that take part, added up and divided by the processors.";
    }

    @Override
    public void prepare(Stand stand) {
        stand.patients(stand.options().rows());
    }

    @Override
    public void measure(Stand stand, Figures figures) throws Exception {
        var rows = stand.options().rows();
        var patience = stand.options().patience(rows);
        stand.line().become(LineShape.NONE);
        figures.add(PLAIN_DOWNLOAD, COST, cost(stand, () -> KeysetStreams.read(stand, "patients", false, patience)));
        figures.add(
                COMPRESSED_DOWNLOAD, COST, cost(stand, () -> KeysetStreams.read(stand, "patients", true, patience)));
        apply(stand, figures, patience);
        figures.add(
                LIMIT,
                UNIT,
                1e6
                        * Runtime.getRuntime().availableProcessors()
                        / (Math.min(figures.median(PLAIN_DOWNLOAD), figures.median(COMPRESSED_DOWNLOAD))
                                + Math.min(figures.median(COPY), figures.median(JSON))));

        service(stand, figures, rows, patience);

        var clinic = stand.newClinic();
        figures.add(
                REPLICATION, UNIT, rows / LogicalReplication.copy(stand, clinic, "patients", LineShape.NONE, patience));
    }

    private static void apply(Stand stand, Figures figures, Duration patience) throws Exception {
        var copyPages = BareApply.copyPages(stand.lab().cloud(), "patients");
        var copied = stand.newClinic();
        figures.add(COPY, COST, cost(stand, () -> new BareApply(copied, "patients").copy(copyPages, patience)));
        stand.requireEqual(copied, "patients");
        var jsonPages = BareApply.jsonPages(stand.lab().cloud(), "patients");
        var populated = stand.newClinic();
        figures.add(JSON, COST, cost(stand, () -> new BareApply(populated, "patients").json(jsonPages, patience)));
        stand.requireEqual(populated, "patients");
    }

    private interface Work {
        void run() throws Exception;
    }

    private static double cost(Stand stand, Work work) throws Exception {
        var start = stand.processorTime();
        work.run();
        Thread.sleep(ENDED_AFTER.toMillis());
        return 1e6 * stand.processorTime().since(start).all() / stand.options().rows();
    }

    private static void service(Stand stand, Figures figures, int rows, Duration patience) throws Exception {
        var clinic = stand.newClinic();
        try (var service = stand.service(clinic, "patients").start()) {
            var watch = service.awaitFirstPage(patience);
            var start = service.processorTime();
            service.awaitLoaded(patience);
            figures.add(SERVICE, UNIT, rows / watch.seconds());
            service.processorTime().since(start).addTo(figures, SERVICE);
            figures.add(SERVICE + ": most resident memory", "MB", service.mostResidentBytes() / 1e6);
            ClinicProfile.tell(clinic, "first load");
            stand.requireEqual(clinic, "patients");
        }
    }

    @Override
    public List<Goal> goals(Figures figures) {
        return List.of(
                Goal.atLeast("of what the processors allow", figures.ratio(SERVICE, LIMIT), 0.9),
                Goal.atLeast("of logical replication", figures.ratio(SERVICE, REPLICATION), 0.55));
    }
}
