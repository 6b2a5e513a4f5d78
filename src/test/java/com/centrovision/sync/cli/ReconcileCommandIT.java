package com.centrovision.sync.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.testing.ServiceHome;
import com.centrovision.sync.testing.SharedLab;
import com.centrovision.sync.testing.Sides;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Protocol 3.5: a clinic that was put back by something that leaves no mark, such as an image of its machine. */
class ReconcileCommandIT {
    private final Lab lab = SharedLab.get();
    private final LabDatabase cloud = lab.cloud();

    @TempDir
    private Path home;

    @Test
    void whoSaysThatTheClinicWasPutBackHasItPushNothingStale() throws IOException {
        lab.resetCloud();
        cloud.generatePatients("reconcile", 8);
        var shipped = ServiceHome.in(home);
        shipped.table("branches");
        shipped.table("patients");
        var clinic = lab.newClinic();
        var cli = CliRun.of(home, lab, clinic);
        assertEquals(0, cli.run("init"), cli::all);
        assertEquals(0, cli.run("once"), cli::all);
        var ids = clinic.query("select id::text from patients order by id").stream()
                .map(row -> row.get("id").toString())
                .toList();
        clinic.execute("update patients set notes = 'first' where id = '%s'".formatted(ids.get(0)));
        assertEquals(0, cli.run("once"), cli::all);

        clinic.execute("update patients set notes = 'sent' where id = '%s'".formatted(ids.get(0)));
        var imageOfTheMachine = copy(clinic);
        clinic.execute("update patients set notes = 'after' where id = '%s'; delete from patients where id = '%s'"
                .formatted(ids.get(1), ids.get(2)));
        assertEquals(0, cli.run("once"), cli::all);
        cloud.execute("update patients set notes = 'first', updated_at = clock_timestamp() where id = '%s'"
                .formatted(ids.get(0)));
        var before = cloud.query("select t::text from patients t order by id");

        var restored = CliRun.of(home, lab, imageOfTheMachine);
        assertEquals(2, restored.run("restore", "--reconcile", "--replace"), restored::all);
        assertEquals(0, restored.run("restore", "--reconcile"), restored::all);
        assertTrue(restored.out().contains("reads all of the cloud first"), restored::out);
        assertEquals(2, imageOfTheMachine.count("_sync_metadata where restored"));
        assertEquals(0, restored.run("once"), restored::all);

        assertEquals(before, cloud.query("select t::text from patients t order by id"));
        Sides.of(lab, imageOfTheMachine).assertEqual("patients");
        assertEquals(
                List.of(ids.get(0)),
                imageOfTheMachine.query("select record_id::text as id from _conflicts where winner = 'remote'").stream()
                        .map(row -> row.get("id").toString())
                        .toList());
        assertEquals(0, imageOfTheMachine.count("_sync_metadata where restored"));
    }

    /** Nobody may be connected meanwhile. */
    private static LabDatabase copy(LabDatabase clinic) {
        var name = clinic.name() + "_image";
        new LabDatabase(clinic.host(), clinic.port(), "postgres", clinic.user(), clinic.password())
                .execute("create database " + name + " template " + clinic.name());
        return new LabDatabase(clinic.host(), clinic.port(), name, clinic.user(), clinic.password());
    }
}
