package com.centrovision.sync.feed;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.check.CloudFunctionsCheck;
import com.centrovision.sync.cloud.CloudApi;
import com.centrovision.sync.cloud.CloudClock;
import com.centrovision.sync.cloud.CloudFunctions;
import com.centrovision.sync.cloud.CloudHttp;
import com.centrovision.sync.cloud.CloudListener;
import com.centrovision.sync.config.CloudMode;
import com.centrovision.sync.demo.Fault;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.problem.Text;
import com.centrovision.sync.runtime.SyncService;
import com.centrovision.sync.testing.CapturedLog;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.CloudFile;
import com.centrovision.sync.testing.Rule;
import com.centrovision.sync.testing.ServiceHome;
import com.centrovision.sync.testing.SharedLab;
import com.centrovision.sync.testing.Sides;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Protocol 1.1: whoever owns the cloud runs the optional file again, or takes it away, while the service works. */
class CloudFileChangesIT {
    private static final Path FILE = Path.of("sql/cloud/centrovision_sync.sql");
    private static final Path REMOVAL = Path.of("sql/cloud/centrovision_sync_remove.sql");
    private static final Lab LAB = SharedLab.get();

    @TempDir
    private Path folder;

    private LabDatabase clinic;
    private CapturedLog log;
    private ClinicService service;

    @BeforeAll
    static void emptyTheCloud() {
        LAB.resetCloud();
    }

    @AfterAll
    static void leaveAsFound() {
        CloudFile.restore(LAB);
    }

    @BeforeEach
    void runTheFile() throws IOException {
        LAB.resetCloud();
        CloudFile.install(LAB);
        LAB.cloud()
                .execute(
                        "insert into crm_leads (name, updated_at) select 'n ' || i, now() from generate_series(1, 100) i");
        clinic = LAB.newClinic();
        ServiceHome.in(folder).table("crm_leads");
        log = CapturedLog.open();
    }

    @AfterEach
    void stop() {
        LAB.gateway().heal();
        if (service != null) {
            service.close();
        }
        log.close();
    }

    private void start() {
        service = ClinicService.start(folder, ClinicService.config(LAB, clinic), SyncService.Mode.CONTINUOUS);
        await().until(() -> clinic.count("_sync_metadata where loaded_at is not null") == 1);
    }

    private void awaitEqual() {
        await().untilAsserted(() -> {
            assertEquals(List.of(), clinic.query("select error from _sync_pending where not synced"));
            Sides.of(LAB, clinic).assertEqual("crm_leads");
        });
    }

    private void awaitMode(String mode) {
        await().untilAsserted(() -> assertEquals(
                mode, clinic.value("select cloud_mode from _sync_service").orElseThrow()));
    }

    private void assertLogged(String line) {
        assertTrue(log.lines().stream().anyMatch(line::equals), () -> String.join("\n", log.lines()));
    }

    /** The file as it may look one day: a higher version, and one of its functions with an argument more. */
    private static String newer() throws IOException {
        return Files.readString(FILE)
                .replace("values (" + CloudFunctions.VERSION + ", ", "values (" + (CloudFunctions.VERSION + 1) + ", ")
                .replace(
                        "  p_tables text[] default null\n",
                        "  p_tables text[] default null,\n  p_new text default ''\n")
                .replace(
                        "sync_pull(text, integer, integer, text[])", "sync_pull(text, integer, integer, text[], text)");
    }

    private static String older() throws IOException {
        return Files.readString(FILE)
                .replace("values (" + CloudFunctions.VERSION + ", ", "values (" + (CloudFunctions.VERSION - 1) + ", ")
                .replace("  p_tables text[] default null\n", "  p_tables text default null\n")
                .replace("any (p_tables)", "p_tables")
                .replace("sync_pull(text, integer, integer, text[])", "sync_pull(text, integer, integer, text)");
    }

    @Test
    @Rule({"1.1", "1.2"})
    void aNewerVersionIsRunWhileChangesWaitOnBothSidesAndATransactionIsOpen() throws Exception {
        start();
        await().until(() -> clinic.count("_sync_metadata where fed_alone") == 1);
        var begun = clinic.value("select begun_at::text from _sync_feed").orElseThrow();
        LAB.gateway().fault(Fault.holdRequest().matching("POST", "sync_pu(ll|sh)"));
        try (var open = LAB.cloud().connect()) {
            open.setAutoCommit(false);
            execute(
                    open,
                    "update crm_leads set name = 'tarde', updated_at = updated_at - interval '1 day' where name = 'n 1'");
            clinic.execute(
                    "update crm_leads set phone = '2' where name > 'n 5'; delete from crm_leads where name = 'n 4'");
            LAB.cloud()
                    .execute("begin; set local session_replication_role = replica;"
                            + "update crm_leads set name = 'nube', updated_at = updated_at - interval '1 day' where name = 'n 2';"
                            + "delete from crm_leads where name = 'n 3'; commit");
            await().until(() -> LAB.gateway().held() >= 2);

            LAB.changeCloudSchema(newer());
            LAB.gateway().heal();
            await().until(() ->
                    LAB.cloud().query("select from crm_leads where phone = '2'").size()
                            == clinic.query("select from crm_leads where phone = '2'")
                                    .size());
            open.commit();
        }

        awaitEqual();
        assertEquals(98, clinic.count("crm_leads"));
        assertEquals(0, clinic.count("_conflicts"));
        assertEquals(
                1,
                LAB.cloud()
                        .query("select from pg_proc where proname = 'sync_pull'")
                        .size(),
                "the older shape is gone");
        awaitMode("assisted");
        assertEquals(
                begun, clinic.value("select begun_at::text from _sync_feed").orElseThrow(), "goes on, not anew");
        assertFalse(log.lines().stream().anyMatch(line -> line.contains("not used")));
    }

    @Test
    @Rule({"1.1", "1.2", "3.4.1"})
    void takenAwayInTheMiddleOfPassesItGoesOnOverRestAndComesBack() throws Exception {
        start();
        await().until(() -> clinic.count("_sync_metadata where fed_alone") == 1);
        LAB.gateway().fault(Fault.holdRequest().matching("POST", "sync_pu(ll|sh)"));
        try (var open = LAB.cloud().connect()) {
            clinic.execute("update crm_leads set phone = '2' where name > 'n 5'");
            LAB.cloud().execute("delete from crm_leads where name = 'n 3'");
            await().until(() -> LAB.gateway().held() >= 2);

            CloudFile.remove(LAB);
            open.setAutoCommit(false);
            execute(open, "update crm_leads set name = 'tarde', updated_at = now() where name = 'n 1'");
            LAB.cloud().execute("delete from crm_leads where name = 'n 4'");
            LAB.gateway().heal();

            awaitMode("rest");
            LAB.cloud().execute("insert into crm_leads (name, updated_at) values ('después', now())");
            await().until(() ->
                    clinic.query("select from crm_leads where name = 'después'").size() == 1);
            open.commit();
        }
        assertLogged("cloud functions not used found=0 needed=" + CloudFunctions.VERSION
                + " file=sql/cloud/centrovision_sync.sql");
        assertEquals(ExitCode.OK, service.pass().exitCode());
        awaitEqual();
        assertEquals(99, clinic.count("crm_leads"));
        assertEquals(0, clinic.count("_conflicts"));

        CloudFile.install(LAB);
        assertEquals(ExitCode.OK, service.pass().exitCode());

        awaitMode("assisted");
        await().until(() -> clinic.count("_sync_metadata where fed_alone") == 1);
        LAB.cloud().execute("delete from crm_leads where name = 'después'");
        awaitEqual();
        assertLogged("cloud functions used version=" + CloudFunctions.VERSION);
    }

    @Test
    @Rule("1.1")
    void anOlderVersionThanNeededIsLeftAloneAndSaidToBeOlder() throws Exception {
        LAB.changeCloudSchema(older());
        start();
        LAB.gateway().clearLog();

        clinic.execute("update crm_leads set phone = '2' where name = 'n 5'");
        LAB.cloud().execute("update crm_leads set phone = '3', updated_at = now() where name = 'n 6'");

        awaitEqual();
        awaitMode("rest");
        assertEquals(0, LAB.gateway().count("POST", "/rest/v1/rpc/sync_pu"));
        assertLogged("cloud functions not used found=" + (CloudFunctions.VERSION - 1) + " needed="
                + CloudFunctions.VERSION + " file=sql/cloud/centrovision_sync.sql");
        assertEquals(Text.of("check.functions.older", CloudFunctions.VERSION - 1, CloudFunctions.VERSION), checked());
    }

    private static Text checked() throws IOException {
        var address = URI.create(LAB.supabaseUrl());
        try (var http = new CloudHttp(
                        address, LAB.serviceKey(), new CloudClock(Clock.systemUTC()), CloudListener.NONE);
                var cloud = new CloudApi(address, http)) {
            var check = new CloudFunctionsCheck(
                    CloudMode.AUTO, new CloudFunctions(CloudMode.AUTO, cloud), List.of("crm_leads"));
            return check.findings().get(0).text();
        }
    }

    @Test
    void bothFilesMayBeRunTwiceAndInEveryWayAndRemovalLeavesNothing() throws Exception {
        CloudFile.remove(LAB);
        var before = catalogue();
        for (var way : Way.values()) {
            way.run(FILE);
            var installed = catalogue();
            way.run(FILE);
            assertEquals(installed, catalogue(), way::name);

            way.run(REMOVAL);
            assertEquals(before, catalogue(), way::name);
            way.run(REMOVAL);
            assertEquals(before, catalogue(), way::name);
        }
    }

    private enum Way {
        /** As Supabase's editor does: one string, several statements, no parameters. */
        AS_ONE_STRING {
            @Override
            void run(Path file) throws SQLException, IOException {
                try (var connection = DriverManager.getConnection(
                        LAB.cloud().jdbcUrl() + "?preferQueryMode=simple",
                        LAB.cloud().user(),
                        LAB.cloud().password())) {
                    execute(connection, Files.readString(file));
                }
            }
        },
        /** As {@code psql -1} does: statement by statement, in a transaction around them all. */
        IN_ONE_TRANSACTION {
            @Override
            void run(Path file) throws SQLException, IOException {
                try (var connection = LAB.cloud().connect()) {
                    connection.setAutoCommit(false);
                    execute(connection, Files.readString(file));
                    connection.commit();
                }
            }
        };

        abstract void run(Path file) throws SQLException, IOException;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Everything that a file may leave behind: schemas, relations, functions, triggers, rights, and who depends on what. */
    private static Object catalogue() {
        return LAB.cloud()
                .query(
                        """
                        select 'schema' as kind, nspname::text as name, nspacl::text as rights
                        from pg_namespace where nspname !~ '^pg_(toast_)?temp'
                        union all
                        select 'relation', oid::regclass::text, relacl::text from pg_class
                        where relnamespace not in ('pg_toast'::regnamespace)
                        union all
                        select 'function', oid::regprocedure::text, proacl::text from pg_proc
                        union all
                        select 'trigger', tgrelid::regclass || ' ' || tgname, tgenabled::text from pg_trigger
                        union all
                        select 'default', defaclrole::text, defaclacl::text from pg_default_acl
                        order by 1, 2, 3
                        """);
    }
}
