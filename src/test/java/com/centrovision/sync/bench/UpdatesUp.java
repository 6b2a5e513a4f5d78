package com.centrovision.sync.bench;

import java.util.List;

/** Changed rows of the clinic on their way to the cloud, a request for each. */
final class UpdatesUp implements Scenario {
    private static final String LIMIT_8 = "limit: bare PATCHes on 8 connections";
    private static final String LIMIT_32 = "limit: bare PATCHes on 32 connections";
    private static final String LIMIT_SAME = "limit: on as many as the service used";
    private static final String SERVICE = "the service";
    private static final String SKETCH = "the specification's pseudo-code";
    private static final String UNIT = "changes/s";
    private static final int SKETCHED = 50;

    @Override
    public String name() {
        return "updates-up";
    }

    @Override
    public String method() {
        return "Changes of one column of patients in one transaction of the clinic, over the line, without the optional"
                + " functions. The service's time runs from its next look, each second"
                + " it takes one, until nothing is pending. Both do the same once before, uncounted.";
    }

    @Override
    public void measure(Stand stand, Figures figures) throws Exception {
        var changes = stand.options().updates();
        var connections = serviceRate(stand, figures, changes);
        var bare = new BareChanges(stand, stand.options().patience(100 * changes));
        figures.add(LIMIT_SAME, UNIT, bare.patches(changes, connections));
        figures.add(LIMIT_8, UNIT, bare.patches(changes, 8));
        figures.add(LIMIT_32, UNIT, bare.patches(changes, 32));
        figures.add(SKETCH, UNIT, sketched(stand));
    }

    /** Returns how many requests were under way at once. */
    private static int serviceRate(Stand stand, Figures figures, int changes) throws Exception {
        try (var clinic = LoadedClinic.open(stand)) {
            figures.add(SERVICE, UNIT, clinic.sendRate(stand, figures, SERVICE, changes, ClinicWork::updatePatients));
            return stand.line().traffic().mostChanging();
        }
    }

    private static double sketched(Stand stand) throws Exception {
        var clinic = stand.newClinic();
        stand.line().become(LineShape.NONE);
        clinic.generatePatients(Stand.SEED, SKETCHED);
        var sketch = new PseudoCode(stand, clinic, "patients", true);
        sketch.captureUpdates();
        ClinicWork.updatePatients(clinic, SKETCHED);
        stand.line().become(LineShape.CLINIC);
        var watch = new Stopwatch();
        return sketch.up(stand.options().patience(100 * SKETCHED)) / watch.seconds();
    }

    @Override
    public List<Goal> goals(Figures figures) {
        return List.of(
                Goal.atLeast("of the limit on as many connections", figures.ratio(SERVICE, LIMIT_SAME), 0.9),
                Goal.atLeast("times the pseudo-code", figures.ratio(SERVICE, SKETCH), 20));
    }
}
