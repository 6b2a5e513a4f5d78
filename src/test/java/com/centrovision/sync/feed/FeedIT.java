package com.centrovision.sync.feed;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.config.Config;
import com.centrovision.sync.demo.Fault;
import com.centrovision.sync.demo.GatewayRequest;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.runtime.SyncService;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.CloudFile;
import com.centrovision.sync.testing.CommitGate;
import com.centrovision.sync.testing.ConfigWith;
import com.centrovision.sync.testing.Rule;
import com.centrovision.sync.testing.ServiceHome;
import com.centrovision.sync.testing.SharedLab;
import com.centrovision.sync.testing.Sides;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Protocol 2.2, 3.3 and 3.4 through the cloud's feed of changes: nothing is missed, and nothing else is asked. */
class FeedIT {
    private static final String LEAD = "00000000-0000-0000-0000-%012d";
    private static final String PULL = "/rest/v1/rpc/sync_pull";
    private static final Lab LAB = SharedLab.get();

    private LabDatabase clinic;
    private ServiceHome home;
    private ClinicService service;

    @TempDir
    private Path folder;

    @BeforeAll
    static void runTheFile() {
        LAB.resetCloud();
        CloudFile.install(LAB);
    }

    @AfterAll
    static void leaveAsFound() {
        CloudFile.restore(LAB);
    }

    @BeforeEach
    void leadsOnBothSides() throws IOException {
        LAB.resetCloud();
        clinic = LAB.newClinic();
        home = ServiceHome.in(folder);
        home.table("crm_leads");
        home.table("crm_pipelines");
        LAB.cloud()
                .execute(
                        """
                        insert into crm_leads (id, name, updated_at)
                        select format('00000000-0000-0000-0000-%s', lpad(i::text, 12, '0'))::uuid, 'n',
                          now() - interval '30 days' + i * interval '1 minute'
                        from generate_series(1, 200) i
                        """);
        start();
        LAB.gateway().clearLog();
    }

    @AfterEach
    void stop() {
        LAB.gateway().heal();
        service.close();
    }

    private void start() {
        start(Duration.ofMinutes(5));
    }

    private void start(Duration comparisons) {
        service = ClinicService.start(
                folder,
                ConfigWith.parts(ClinicService.config(LAB, clinic), new Config.Reconcile(comparisons, 2, 50, 5)),
                SyncService.Mode.CONTINUOUS);
        await().until(() -> clinic.query("select from _sync_metadata where fed_alone and loaded_at is not null")
                        .size()
                == 2);
    }

    private static String lead(int number) {
        return "'" + LEAD.formatted(number) + "'";
    }

    private static void cloudWithoutTriggers(String sql) {
        LAB.cloud().execute("begin; set local session_replication_role = replica; " + sql + "; commit");
    }

    private void awaitEqual() {
        await().untilAsserted(() -> Sides.of(LAB, clinic).assertEqual("crm_leads"));
        await().untilAsserted(() -> Sides.of(LAB, clinic).assertEqual("crm_pipelines"));
    }

    private static long pulls() {
        return LAB.gateway().count("POST", PULL);
    }

    private static void awaitPulls(int more) {
        var before = pulls();
        await().until(() -> pulls() >= before + more);
    }

    private static List<GatewayRequest> otherRequests() {
        return LAB.gateway().requests().stream()
                .filter(request -> !request.path().equals(PULL))
                .toList();
    }

    private String nameOf(int number) {
        return clinic.value("select name from crm_leads where id = " + lead(number))
                .orElse("gone")
                .toString();
    }

    @Test
    @Rule("3.2.4")
    void anIdlePassIsOneRequestAndCountsForEveryTable() {
        var before = clinic.value("select min(last_sync_from_supabase)::text from _sync_metadata")
                .orElseThrow();

        awaitPulls(3);

        assertEquals(List.of(), otherRequests());
        assertEquals(
                2,
                clinic.query("select from _sync_metadata where last_sync_from_supabase > ?::timestamptz", before)
                        .size());
        await().untilAsserted(() -> assertEquals(
                "assisted", clinic.value("select cloud_mode from _sync_service").orElseThrow()));
    }

    @Test
    @Rule({"3.2.3", "3.4.1", "1.3"})
    void bringsRowsAndDeletionsAndEditsThatMoveNoStampAndAsksForNoTable() {
        cloudWithoutTriggers(
                "insert into crm_pipelines (name, updated_at) values ('antigua', now() - interval '9 years');"
                        + "update crm_leads set name = 'sin sello' where id = " + lead(5) + ";"
                        + "update crm_leads set name = 'sin hora', updated_at = null where id = " + lead(6) + ";"
                        + "delete from crm_leads where id in (" + lead(1) + ", " + lead(200) + ")");

        awaitEqual();

        assertEquals(198, clinic.count("crm_leads"));
        assertEquals(0, clinic.count("_sync_pending"));
        assertTrue(otherRequests().stream().allMatch(request -> request.path().contains("select=id&")), "asked again");
        assertEquals(
                5L,
                clinic.value(
                                "select sum(records_affected) from _sync_log where id > (select max(id) - 3 from _sync_log)")
                        .orElseThrow());
    }

    @Test
    @Rule("3.2.3")
    void aTransactionThatStaysOpenHoldsUpNobodyAndIsNotMissed() throws SQLException {
        try (var late = LAB.cloud().connect();
                var statement = late.createStatement()) {
            late.setAutoCommit(false);
            statement.execute(
                    "insert into crm_pipelines (name, updated_at) values ('tarde', now() - interval '1 day')");
            statement.execute("update crm_leads set name = 'tarde' where id = " + lead(3));
            LAB.cloud().execute("insert into crm_pipelines (name) values ('pronto')");
            await().until(() -> clinic.count("crm_pipelines") == 1);
            LAB.cloud().execute("delete from crm_leads where id = " + lead(4));
            await().until(() -> clinic.count("crm_leads") == 199);
            awaitPulls(3);
            assertEquals(1, clinic.count("crm_pipelines"));

            late.commit();
        }

        awaitEqual();
    }

    @Test
    @Rule("1.1")
    void aCrashBetweenApplyingAndTheCursorRepeatsWithoutHarm() throws SQLException {
        LAB.gateway().fault(Fault.holdRequest().matching("POST", "sync_pull").times(1));
        await().until(() -> LAB.gateway().held() == 1);
        LAB.cloud().execute("update crm_leads set name = 'una vez' where id = " + lead(8));
        var counted = rowsDown();
        try (var gate = CommitGate.atChange(clinic, "_sync_feed", "update", "true", 1)) {
            LAB.gateway().heal();
            await().until(gate::isReached);
            assertEquals("una vez", nameOf(8));

            gate.rollBack();
        }

        awaitPulls(2);
        awaitEqual();
        assertEquals(counted + 1, rowsDown());
    }

    private long rowsDown() {
        return ((Number) clinic.value("select sum(records_synced_down) from _sync_metadata")
                        .orElseThrow())
                .longValue();
    }

    @Test
    @Rule({"3.4.1", "3.5.1"})
    void aCursorThatTheCloudForgotOrDoesNotKnowLeadsToAComparison() {
        for (var strange : List.of("trimmed", "other")) {
            service.close();
            cloudWithoutTriggers("update crm_leads set name = '" + strange
                    + "', updated_at = updated_at - interval '1 hour'" + " where id = " + lead(2)
                    + "; delete from crm_leads where id = (select max(id::text)::uuid from crm_leads)");
            LAB.cloud()
                    .execute(
                            strange.equals("trimmed")
                                    ? "update centrovision_sync.change set changed_at = now() - interval '40 days';"
                                            + "select sync_trim(30)"
                                    : "update centrovision_sync.state set database_identity = '1.1.1'");

            start(Duration.ofSeconds(1));

            awaitEqual();
            await().untilAsserted(
                            () -> assertEquals(0, clinic.count("_sync_metadata where compare_due_at is not null")));
        }
    }

    @Test
    @Rule("1.1")
    void withoutTheFunctionsItGoesOnOverRestAndTakesThemUpAgain() throws InterruptedException {
        cloudWithoutTriggers("update crm_leads set name = 'con' where id = " + lead(3));
        awaitEqual();

        CloudFile.remove(LAB);
        try {
            LAB.cloud().execute("update crm_leads set name = 'sin' where id = " + lead(4));
            awaitEqual();
            await().untilAsserted(() -> assertEquals(
                    "rest", clinic.value("select cloud_mode from _sync_service").orElseThrow()));
            await().until(() -> clinic.count("_sync_metadata where fed_since is null") == 2);
            cloudWithoutTriggers("delete from crm_leads where id = " + lead(7) + ";"
                    + "update crm_leads set updated_at = updated_at - interval '1 day' where id = " + lead(8));
        } finally {
            CloudFile.install(LAB);
        }

        assertEquals(ExitCode.OK, service.pass().exitCode());

        awaitEqual();
        await().until(() -> clinic.count("_sync_metadata where fed_alone") == 2);
        cloudWithoutTriggers("update crm_leads set name = 'otra vez' where id = " + lead(9));
        awaitEqual();
    }

    @Test
    @Rule({"3.4.5", "1.2"})
    void tablesWithAFilterOrWithoutTriggersInTheCloudGoOnOverRest() throws IOException {
        service.close();
        clinic = LAB.newClinic();
        home.table("crm_leads", "filter", "source=eq.web");
        LAB.cloud()
                .execute("update crm_leads set source = 'web' where id <= " + lead(9)
                        + "; drop trigger centrovision_sync_update on crm_pipelines");
        try {
            service = ClinicService.start(folder, ClinicService.config(LAB, clinic), SyncService.Mode.CONTINUOUS);
            await().until(() -> clinic.count("_sync_metadata where loaded_at is not null") == 2);
            LAB.cloud()
                    .execute("insert into crm_pipelines (name) values ('una');"
                            + "update crm_leads set name = 'otra', source = 'web' where id = " + lead(50));

            await().until(() -> clinic.count("crm_leads") == 10);
            awaitEqualPipelines();
            assertEquals(0, clinic.count("_sync_metadata where fed_since is not null"));
        } finally {
            CloudFile.install(LAB);
        }
    }

    private void awaitEqualPipelines() {
        await().untilAsserted(() -> Sides.of(LAB, clinic).assertEqual("crm_pipelines"));
    }

    @Test
    @Rule("3.4.4")
    void manyDeletionsAndAnEmptiedTableWaitForAPerson() throws InterruptedException {
        LAB.cloud().execute("insert into crm_pipelines (name) values ('única')");
        awaitEqual();
        LAB.cloud().execute("delete from crm_leads where id <= " + lead(60) + "; delete from crm_pipelines");
        await().until(() -> clinic.count("_sync_metadata where compare_due_at is not null") == 2);

        assertEquals(
                Map.of("crm_leads", 60L, "crm_pipelines", 1L), service.pass().refused());
        LAB.cloud().execute("delete from crm_leads where id = " + lead(61));
        awaitPulls(3);
        assertEquals(200, clinic.count("crm_leads"));

        assertEquals(
                ExitCode.OK, service.pass(Set.of("crm_leads", "crm_pipelines")).exitCode());
        awaitEqual();
        LAB.cloud().execute("truncate crm_leads");
        await().until(() -> clinic.count("_sync_metadata where compare_due_at is not null") == 1);
        assertEquals(Map.of("crm_leads", 139L), service.pass().refused());
    }

    @Test
    @Rule({"3.3.2", "3.4.3"})
    void aRowThatWaitsToGoUpIsNeitherOverwrittenNorDeleted() {
        clinic.execute("begin; update crm_leads set name = 'clínica' where id in (" + lead(7) + ", " + lead(8) + ");"
                + "update _sync_pending set next_attempt_at = now() + interval '1 hour', retry_count = 1; commit");
        LAB.cloud()
                .execute("update crm_leads set name = 'nube', phone = '2' where id = " + lead(7)
                        + "; delete from crm_leads where id = " + lead(8)
                        + "; insert into crm_pipelines (name) values ('y')");
        awaitEqualPipelines();
        awaitPulls(2);

        assertEquals("clínica", nameOf(7));
        assertEquals("clínica", nameOf(8));

        clinic.execute("update _sync_pending set next_attempt_at = null");
        await().until(() -> clinic.count("_sync_pending where not synced") == 0);
        awaitEqual();
        await().until(() -> clinic.count("_sync_revisit") == 0);
        assertEquals(2, clinic.count("_conflicts"));
    }

    @Test
    @Rule("3.2.9")
    void anAnswerThatIsCutOrSomebodyElsesChangesNothing() {
        var edit = 0;
        for (var fault :
                List.of(Fault.cutAfterBytes(100), Fault.loseAnswer(), Fault.captivePortal(), Fault.status(500))) {
            edit++;
            LAB.gateway().fault(fault.matching("POST", "sync_pull"));
            LAB.cloud()
                    .execute("update crm_leads set name = 'edición " + edit + "' where id <= " + lead(5)
                            + "; delete from crm_leads where id = " + lead(9 + edit));
            awaitPulls(2);
            assertEquals(201 - edit, clinic.count("crm_leads"));
            assertEquals(0, clinic.count("crm_leads where name = 'edición " + edit + "'"));

            LAB.gateway().heal();

            awaitEqual();
        }
    }

    @Test
    @Rule("3.3.3")
    void aRowThatAPageUnderWayHoldsInAnOlderVersionIsFetchedAgain() {
        LAB.gateway()
                .fault(Fault.holdAnswer()
                        .matching("GET", "crm_leads\\?select=\\*.*in\\.")
                        .times(1));
        clinic.execute("insert into _sync_revisit (table_name, record_id, by_content) values ('crm_leads', " + lead(5)
                + ", true), ('crm_leads', " + lead(6) + ", true)");
        await().until(() -> LAB.gateway().held() == 1);
        cloudWithoutTriggers(
                "update crm_leads set name = 'v2' where id = " + lead(5) + "; delete from crm_leads where id = "
                        + lead(6) + "; insert into crm_pipelines (name) values ('señal')");
        awaitEqualPipelines();
        awaitPulls(2);

        LAB.gateway().heal();

        awaitEqual();
    }

    @Test
    @Rule("3.3.6")
    void anAnswerFromBeforeTheServiceBecameTheWriterIsNotApplied() throws SQLException {
        service.close();
        try (var writer = clinic.connect();
                var statement = writer.createStatement()) {
            statement.execute("select set_config('app.sync_writer_since', (now() + interval '1 hour')::text, false)");
            for (var step : List.of(
                    "sync_apply_feed('crm_leads', '[]', '', true, now(), now(), true)",
                    "sync_end_feed_page('1/1/0/0', false, 'crm_leads', 1, now(), now())")) {
                var refusal = assertThrows(SQLException.class, () -> statement.execute("select " + step));
                assertEquals("CV001", refusal.getSQLState(), step);
            }
        }
    }

    @Test
    @Rule("3.4.5")
    void anAnswerFromBeforeATableGotAFilterBringsNoneOfItsRows() {
        service.close();
        for (var left : List.of("cloud_filter = 'source=eq.web'", "direction = 'up'", "active = false")) {
            clinic.execute("begin; update _sync_metadata set " + left + " where table_name = 'crm_leads';"
                    + "select sync_apply_feed('crm_leads', '[{\"id\":\"" + LEAD.formatted(5)
                    + "\",\"name\":\"ajeno\",\"updated_at\":\"2030-01-01\"}]', '" + LEAD.formatted(6)
                    + "', true, clock_timestamp(), clock_timestamp(), true); commit;"
                    + "update _sync_metadata set cloud_filter = '', direction = 'both', active = true");
            assertEquals("n", nameOf(5), left);
            assertEquals(0, clinic.count("_sync_suspect") + clinic.count("_sync_revisit"), left);
        }
    }

    @Test
    @Rule({"1.5", "2.4"})
    void aTableThatAProgramLocksStopsOnlyItself() throws SQLException {
        try (var program = clinic.connect();
                var statement = program.createStatement()) {
            program.setAutoCommit(false);
            statement.execute("lock table crm_leads in access exclusive mode");
            LAB.cloud()
                    .execute("update crm_leads set name = 'x' where id = " + lead(5)
                            + "; insert into crm_pipelines (name) values ('pasa')");
            await().until(() -> clinic.count("crm_pipelines") == 1);
            await().until(() -> clinic.count("_sync_metadata where last_error is not null") == 1);
            awaitPulls(2);

            program.rollback();
        }

        awaitEqual();
        await().until(() -> clinic.count("_sync_metadata where last_error is not null") == 0);
    }
}
