package com.centrovision.sync.bench;

import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.testing.CloudFile;
import java.util.List;

/** The command {@code verify} where nothing differs. */
final class VerifyEqual implements Scenario {
    private static final String PLAIN = "verify, plain";
    private static final String ASSISTED = "verify, with the cloud part";

    private LabDatabase clinic;
    private Service service;

    @Override
    public String name() {
        return "verify";
    }

    @Override
    public String method() {
        return "The command from its start to its end over the line, while the service is stopped.";
    }

    @Override
    public void prepare(Stand stand) throws Exception {
        var rows = stand.options().rows();
        stand.patients(rows);
        clinic = stand.newClinic();
        service = stand.service(clinic, "patients").start();
        service.awaitLoaded(stand.options().patience(rows));
        service.stop();
        Stand.settle(clinic);
        stand.line().become(LineShape.CLINIC);
    }

    @Override
    public void measure(Stand stand, Figures figures) throws Exception {
        CloudFile.remove(stand.lab());
        figures.add(PLAIN, "s", verify(stand, figures, PLAIN));
        stand.installFunctions();
        figures.add(ASSISTED, "s", verify(stand, figures, ASSISTED));
    }

    private double verify(Stand stand, Figures figures, String name) throws Exception {
        stand.line().clear();
        var start = stand.processorTime();
        var watch = new Stopwatch();
        service.runToEnd(stand.options().patience(stand.options().rows()), "verify");
        var seconds = watch.seconds();
        figures.add(name + ": bytes over the line", "MB", stand.line().traffic().bytes() / 1e6);
        var spent = stand.processorTime().since(start);
        figures.add(name + ": processor time of the clinic's PostgreSQL", "s", spent.clinic());
        figures.add(name + ": of the cloud's PostgreSQL", "s", spent.cloud());
        return seconds;
    }

    @Override
    public void end(Stand stand) {
        service.close();
    }

    @Override
    public List<Goal> goals(Figures figures) {
        return List.of(
                Goal.atMost("s, plain", figures.median(PLAIN), 15),
                Goal.atMost("s, with the cloud part", figures.median(ASSISTED), 3));
    }
}
