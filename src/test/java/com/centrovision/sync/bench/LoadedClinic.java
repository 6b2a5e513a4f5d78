package com.centrovision.sync.bench;

import com.centrovision.sync.demo.LabDatabase;
import java.sql.SQLException;
import java.sql.Timestamp;

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
        var database = stand.newClinic();
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

    interface Work {
        Timestamp write(LabDatabase clinic, int changes) throws SQLException;
    }

    /**
     * Waits until all that is written is in the cloud; returns the rate. The same is done once before: a service that runs
     * for weeks has its programs compiled and knows how many requests help. What is told with 'at first' is that.
     */
    double sendRate(Stand stand, Figures figures, String name, int changes, Work work) throws Exception {
        var patience = stand.options().patience(100 * changes);
        var first = service.awaitLook(work.write(database, changes));
        service.awaitSent(patience);
        figures.add(name + " at first", "/s", changes / first.seconds());
        Stand.settle(database);
        Stand.settle(stand.lab().cloud());
        stand.line().clear();
        ClinicProfile.tell(database, "before " + name);
        var committedAt = work.write(database, changes);
        var start = service.processorTime();
        var watch = service.awaitLook(committedAt);
        service.awaitSent(patience);
        var rate = changes / watch.seconds();
        figures.add(
                name + ": changing requests under way at once, at most",
                "",
                stand.line().traffic().mostChanging());
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
