package com.centrovision.sync.bench;

import com.centrovision.sync.demo.LabDatabase;

/** A clinic that has a tenth of the rows and the branches that they belong to, its service running on the line of a clinic. */
record LoadedClinic(LabDatabase database, Service service) implements AutoCloseable {
    static LoadedClinic open(Stand stand) throws Exception {
        var rows = stand.options().fewRows();
        stand.patients(rows);
        return load(stand, rows);
    }

    static LoadedClinic openAssisted(Stand stand) throws Exception {
        var rows = stand.options().fewRows();
        stand.patients(rows);
        stand.installFunctions();
        return load(stand, rows);
    }

    private static LoadedClinic load(Stand stand, int rows) throws Exception {
        var database = stand.lab().newClinic();
        var service = stand.service(database, "branches", "patients").start();
        try {
            service.awaitLoaded(stand.options().patience(rows));
        } catch (Exception failure) {
            service.close();
            throw failure;
        }
        Stand.settle(database);
        stand.line().become(LineShape.CLINIC);
        return new LoadedClinic(database, service);
    }

    /** Waits until all that was just written is in the cloud; returns the rate. */
    double sendRate(Stand stand, Figures figures, String name, int changes) throws Exception {
        stand.line().clear();
        ClinicProfile.tell(database, "before " + name);
        var start = service.processorTime();
        var watch = new Stopwatch();
        service.awaitSent(stand.options().patience(100 * changes));
        var rate = changes / watch.seconds();
        figures.add(
                name + ": requests under way at once, at most",
                "",
                stand.line().traffic().mostWaiting());
        service.processorTime().since(start).addTo(figures, name);
        ClinicProfile.tell(database, name);
        stand.requireEqual(database, "patients");
        return rate;
    }

    @Override
    public void close() {
        service.close();
    }
}
