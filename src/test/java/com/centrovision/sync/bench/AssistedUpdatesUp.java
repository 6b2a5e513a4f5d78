package com.centrovision.sync.bench;

import java.util.List;

/** Changed rows of the clinic on their way to a cloud with the optional functions. */
final class AssistedUpdatesUp implements Scenario {
    private static final String LIMIT = "limit: bare calls of sync_push, 1,000 changes each, on four connections";
    private static final String SERVICE = "the service";
    private static final String UNIT = "changes/s";

    @Override
    public String name() {
        return "assisted-updates-up";
    }

    @Override
    public String method() {
        return "The same with the optional functions in the cloud, and a tenth of the rows as changes.";
    }

    @Override
    public void measure(Stand stand, Figures figures) throws Exception {
        var changes = stand.options().fewRows();
        try (var clinic = LoadedClinic.openAssisted(stand)) {
            figures.add(SERVICE, UNIT, clinic.sendRate(stand, figures, SERVICE, changes, ClinicWork::updatePatients));
        }
        figures.add(LIMIT, UNIT, new BareChanges(stand, stand.options().patience(changes)).pushes(changes));
    }

    @Override
    public List<Goal> goals(Figures figures) {
        return List.of(Goal.atLeast("of the limit", figures.ratio(SERVICE, LIMIT), 0.9));
    }
}
