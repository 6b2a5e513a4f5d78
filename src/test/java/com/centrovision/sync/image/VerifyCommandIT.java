package com.centrovision.sync.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.demo.Fault;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.testing.BothSides;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.Image;
import com.centrovision.sync.testing.ImageProcess.Ended;
import com.centrovision.sync.testing.SharedLab;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code verify}: what it prints and how it ends. */
class VerifyCommandIT {
    private static final String DAMAGE =
            "set session_replication_role = replica; set app.is_sync = 'true'; update patients set notes = 'dañada' "
                    + "where id = (select min(id::text)::uuid from patients)";

    private static final String[] TABLES = {"branches", "patients", "rooms"};

    private final Lab lab = SharedLab.get();
    private LabDatabase clinic;
    private Image image;

    @BeforeEach
    void newClinic() {
        lab.resetCloud();
        clinic = lab.newClinic();
        image = Image.of(lab, clinic).onlyTables(List.of(TABLES));
    }

    @AfterEach
    void close() {
        image.close();
        lab.resetCloud();
    }

    private void equalSides() {
        equalSides(10);
    }

    private void equalSides(int patients) {
        lab.cloud().generatePatients("verify", patients);
        try (var service = ClinicService.onDemand(lab, clinic, TABLES)) {
            assertEquals(ExitCode.OK, service.pass().exitCode());
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    private static void assertEnd(int exitCode, Ended ended) {
        assertEquals(exitCode, ended.exitCode(), ended.out() + ended.err());
    }

    @Test
    void endsWithZeroWhereBothSidesAreEqual() {
        equalSides();

        var ended = image.run("verify");

        assertEnd(0, ended);
        assertTrue(ended.out().contains(String.format("%-22s %,10d %,10d", "patients", 10, 10)), ended.out());
        assertTrue(ended.out().endsWith("Both sides are equal, row for row.\n"), ended.out());
        assertEquals(TABLES.length + 2, ended.out().lines().count(), ended.out());
    }

    @Test
    void namesWhatDiffersAndItsValuesOnlyWhenAsked() {
        equalSides();
        assertEnd(0, image.run("once"));
        clinic.execute(DAMAGE);
        var id = clinic.value("select min(id::text) from patients").orElseThrow();

        var ended = image.run("verify", "--table", "patients");
        assertEnd(1, ended);
        assertTrue(ended.out().contains("\n  patients " + id + ": different in notes\n"), ended.out());
        assertFalse((ended.out() + ended.err() + image.read("log/sync.log")).contains("dañada"), ended.out());

        ended = image.environment("LANG", "es_HN.UTF-8").run("verify", "--table", "patients", "--values");
        assertEnd(1, ended);
        assertTrue(ended.out().contains("clínica \"dañada\"\n"), ended.out());
        assertFalse(image.read("log/sync.log").contains("dañada"));
    }

    @Test
    void aDryRunSaysWhatARepairWouldDoAndChangesNothing() {
        equalSides();
        clinic.execute(DAMAGE);

        var ended = image.run("verify", "--repair", "--dry-run");

        assertEnd(1, ended);
        assertTrue(ended.out().contains("--repair would fetch 1 rows from the cloud. 0 rows"), ended.out());
        assertEquals(0, clinic.count("_sync_revisit"));
        assertEquals(0, clinic.count("_conflicts"));
        assertEquals(
                1, clinic.query("select from patients where notes = 'dañada'").size());
    }

    @Test
    void aRepairMakesBothSidesEqual() throws IOException {
        equalSides();
        clinic.execute(DAMAGE);

        var ended = image.run("verify", "--repair", "--json");

        assertEnd(0, ended);
        BothSides.assertEqual(lab, clinic);
        var json = new ObjectMapper().readTree(ended.out());
        assertTrue(json.get("equal").asBoolean());
        assertEquals(1, json.at("/repair/fetched").asInt());
        assertEquals("patients", json.at("/repair/tables/0/name").asText());
        assertEquals(10, json.at("/repair/tables/0/equal").asInt());
        assertEquals(1, clinic.count("_conflicts"));
    }

    @Test
    void theRunningServiceDoesTheRepair() {
        equalSides();
        var service = image.start("run");
        Awaitility.await()
                .until(() -> clinic.query("select from _sync_service where mode = 'supabase'")
                                .size()
                        == 1);
        clinic.execute(DAMAGE);

        var ended = image.run("verify", "--repair");

        assertEnd(0, ended);
        assertTrue(ended.out().contains("The service is running already; it does the pass.\n"), ended.out());
        BothSides.assertEqual(lab, clinic);
        service.terminate();
    }

    @Test
    void leavesToTheWayUpWhatTheClinicChanged() {
        equalSides();
        lab.gateway().fault(Fault.status(503).matching("PATCH", ""));
        clinic.execute("update patients set notes = 'pendiente' where id = (select id from patients limit 1)");

        var ended = image.run("verify", "--repair");

        assertEnd(0, ended);
        assertTrue(ended.out().contains("1 rows are on their way"), ended.out());
        assertEquals(
                1,
                clinic.query("select from patients where notes = 'pendiente'").size());
    }

    @Test
    void tellsJsonWithItsFields() throws IOException {
        equalSides();
        clinic.execute(DAMAGE);

        var ended = image.run("verify", "--json", "--table", "patients", "--table", "rooms");

        assertEnd(1, ended);
        var json = new ObjectMapper().readTree(ended.out());
        assertFalse(json.get("equal").asBoolean());
        assertEquals(2, json.get("tables").size());
        var id = clinic.value("select min(id::text) from patients").orElseThrow();
        assertEquals(
                "{\"name\":\"patients\",\"left_out\":null,\"compared\":10,\"equal\":9,\"on_their_way\":0,\"different\":1,"
                        + "\"only_cloud\":0,\"only_clinic\":0,\"differences\":[{\"id\":\"" + id
                        + "\",\"kind\":\"different\",\"columns\":[\"notes\"],\"reason\":null}],\"more\":0}",
                json.at("/tables/0").toString());
    }

    @Test
    void showsTheFirstDifferencesUnlessAskedForAll() {
        equalSides(60);
        clinic.execute("set session_replication_role = replica; update patients set notes = 'x'");

        var ended = image.run("verify", "--table", "patients");
        assertEnd(1, ended);
        assertEquals(
                20,
                ended.out()
                        .lines()
                        .filter(line -> line.startsWith("  patients "))
                        .count());
        assertTrue(ended.out().contains("  … and 40 more rows of patients\n"), ended.out());

        ended = image.run("verify", "--table", "patients", "--all");
        assertEquals(
                60,
                ended.out()
                        .lines()
                        .filter(line -> line.startsWith("  patients "))
                        .count());
    }

    @Test
    void needsLittleMemoryForManyRows() {
        equalSides(20_000);
        clinic.execute("set session_replication_role = replica; update patients set notes = repeat('x', 1000) "
                + "where id::text like '%00'");
        var damaged =
                clinic.query("select from patients where notes like 'xxx%'").size();
        image.environment("JAVA_OPTS", "-XX:TieredStopAtLevel=1 -Xmx48m");

        var ended = image.run("verify", "--table", "patients");

        assertEnd(1, ended);
        assertTrue(ended.out().contains(String.format("… and %,d more rows of patients", damaged - 20)), ended.out());
    }

    @Test
    void endsWithThreeWhereTheCloudIsSilent() {
        equalSides();
        lab.gateway().fault(Fault.refuse());

        var ended = image.run("verify");

        assertEnd(3, ended);
        assertTrue(ended.err().startsWith("CV-CLOUD-01 "), ended.err());
    }

    @Test
    void endsWithTwoWhereItIsUsedWrong() {
        assertEnd(2, image.run("verify"));
        assertEnd(2, image.run("verify", "--dry-run"));

        var ended = image.run("verify", "--table", "pacients");
        assertEnd(2, ended);
        assertEquals(
                "CV-START-02 There is no pacients. Did you mean patients? See the commands with: centrovision-sync --help\n",
                ended.err());
    }
}
