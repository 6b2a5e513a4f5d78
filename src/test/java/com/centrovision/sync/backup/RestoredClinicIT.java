package com.centrovision.sync.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.demo.GatewayRequest;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.Rule;
import com.centrovision.sync.testing.SharedLab;
import com.centrovision.sync.testing.Sides;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Protocol 3.5: a clinic that was put back from a backup. Its state is kept as a copy of the whole database, in which the
 * mark is set that a restored dump has.
 */
class RestoredClinicIT {
    private static final String[] TABLES = {"branches", "patients"};

    private final Lab lab = SharedLab.get();
    private final LabDatabase cloud = lab.cloud();

    @Test
    @Rule({"3.5.4", "3.5.5"})
    void anOlderClinicTakesWhatTheCloudHasAndPushesNothingStale() throws InterruptedException {
        lab.resetCloud();
        cloud.generatePatients("restore", 30);
        var clinic = lab.newClinic();
        pass(clinic);
        var ids = clinic.query("select id::text from patients order by id").stream()
                .map(row -> row.get("id").toString())
                .toList();
        var changedBack = ids.get(0);
        var overtaken = ids.get(1);
        var sent = ids.get(2);
        var deleted = ids.get(3);
        var neverSent = ids.get(4);
        var editedLater = ids.get(5);
        var deletedLater = ids.get(6);
        var editedInCloud = ids.get(7);
        var created = "00000000-0000-0000-0000-0000000000a1";
        var createdAndChanged = "00000000-0000-0000-0000-0000000000a2";
        var createdLater = "00000000-0000-0000-0000-0000000000a3";
        var notesBefore = notes(cloud, changedBack);
        var neverSentBefore = cloud.query(
                        "select notes, updated_at::text as stamp from patients where id = ?::uuid", neverSent)
                .get(0);

        clinic.execute(
                """
                update patients set notes = 'sent, changed back' where id = '%s';
                update patients set notes = 'sent, overtaken' where id = '%s';
                update patients set notes = 'sent' where id = '%s';
                delete from patients where id = '%s';
                update patients set notes = 'never sent' where id = '%s';
                insert into patients (id, first_name, last_name) values ('%s', 'Ana', 'Paz');
                insert into patients (id, first_name, last_name) values ('%s', 'Eva', 'Paz');
                """
                        .formatted(changedBack, overtaken, sent, deleted, neverSent, created, createdAndChanged));
        var backup = copy(clinic);
        pass(clinic);
        clinic.execute(
                """
                update patients set notes = 'after the backup' where id = '%s';
                delete from patients where id = '%s';
                insert into patients (id, first_name, last_name) values ('%s', 'Luz', 'Paz');
                """
                        .formatted(editedLater, deletedLater, createdLater));
        pass(clinic);
        setNotes(changedBack, notesBefore);
        setNotes(overtaken, "newer");
        setNotes(createdAndChanged, "newer");
        setNotes(editedInCloud, "newer");
        cloud.execute(
                "set session_replication_role = replica; update patients set notes = %s, updated_at = '%s' where id = '%s'"
                        .formatted(literal(neverSentBefore.get("notes")), neverSentBefore.get("stamp"), neverSent));
        var before = contents();

        backup.execute("update _sync_origin set place = 'on another server'");
        lab.gateway().clearLog();
        pass(backup);

        assertEquals("never sent", notes(cloud, neverSent));
        var after = contents();
        before.remove(neverSent);
        after.remove(neverSent);
        assertEquals(before, after);
        Sides.of(lab, backup).assertEqual(TABLES);
        assertEquals("after the backup", notes(backup, editedLater));
        assertEquals(0, backup.count("patients where id in ('" + deleted + "', '" + deletedLater + "')"));
        assertEquals(1, backup.count("patients where id = '" + createdLater + "'"));
        for (var kept : List.of(changedBack, overtaken)) {
            assertEquals(1, backup.count("_conflicts where winner = 'remote' and record_id = '" + kept + "'"), kept);
        }
        assertEquals(2, backup.count("_conflicts"));
        assertEquals(0, backup.count("_sync_metadata where restored or loaded_at is null"));
        assertReadBeforeWritten();
    }

    private void assertReadBeforeWritten() {
        var requests = lab.gateway().requests();
        var firstWrite = requests.stream()
                .filter(GatewayRequest::isWrite)
                .findFirst()
                .map(requests::indexOf)
                .orElseThrow();
        for (var table : TABLES) {
            assertTrue(
                    requests.subList(0, firstWrite).stream()
                            .anyMatch(request -> request.method().equals("GET")
                                    && request.path().contains("/" + table)
                                    && request.path().contains("order=id")),
                    requests::toString);
        }
    }

    private void pass(LabDatabase clinic) throws InterruptedException {
        try (var service = ClinicService.onDemand(lab, clinic, TABLES)) {
            var result = service.pass();
            assertEquals(ExitCode.OK, result.exitCode(), result::toString);
        }
    }

    /** Nobody may be connected meanwhile. */
    private static LabDatabase copy(LabDatabase clinic) {
        var name = clinic.name() + "_backup";
        new LabDatabase(clinic.host(), clinic.port(), "postgres", clinic.user(), clinic.password())
                .execute("create database " + name + " template " + clinic.name());
        return new LabDatabase(clinic.host(), clinic.port(), name, clinic.user(), clinic.password());
    }

    private void setNotes(String id, String notes) {
        cloud.execute("update patients set notes = %s, updated_at = clock_timestamp() where id = '%s'"
                .formatted(literal(notes), id));
    }

    private static String notes(LabDatabase side, String id) {
        return side.value("select notes from patients where id = ?::uuid", id)
                .map(Object::toString)
                .orElse(null);
    }

    private static String literal(Object text) {
        return text == null ? "null" : "'" + text.toString().replace("'", "''") + "'";
    }

    private Map<String, String> contents() {
        var contents = new TreeMap<String, String>();
        cloud.query("select id::text, t::text as row from patients t")
                .forEach(row ->
                        contents.put(row.get("id").toString(), row.get("row").toString()));
        return contents;
    }
}
