package com.centrovision.sync.bench;

import java.util.List;

/** New rows of the clinic on their way to the cloud. */
final class InsertsUp implements Scenario {
    private static final String LIMIT = "limit: bulk POSTs of 1,000 on four connections";
    private static final String SERVICE = "the service";
    private static final String UNIT = "rows/s";

    @Override
    public String name() {
        return "inserts-up";
    }

    @Override
    public String method() {
        return "A tenth of the rows as new patients in one transaction of the clinic, over the line. The service's time runs"
                + " from its next look, each second it takes one, until nothing is pending. Both do the same once before,"
                + " uncounted.";
    }

    @Override
    public void measure(Stand stand, Figures figures) throws Exception {
        var rows = stand.options().fewRows();
        try (var clinic = LoadedClinic.open(stand)) {
            figures.add(SERVICE, UNIT, clinic.sendRate(stand, figures, SERVICE, rows, ClinicWork::insertPatients));
        }
        figures.add(LIMIT, UNIT, new BareChanges(stand, stand.options().patience(rows)).inserts(rows));
    }

    @Override
    public List<Goal> goals(Figures figures) {
        return List.of(Goal.atLeast("of the limit", figures.ratio(SERVICE, LIMIT), 0.9));
    }
}
