package com.centrovision.sync.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.clinic.ClinicDatabase;
import com.centrovision.sync.cloud.CloudApi;
import com.centrovision.sync.cloud.CloudClock;
import com.centrovision.sync.cloud.CloudFunctions;
import com.centrovision.sync.cloud.CloudHttp;
import com.centrovision.sync.cloud.CloudUnavailableException;
import com.centrovision.sync.config.CloudMode;
import com.centrovision.sync.connection.Connection;
import com.centrovision.sync.demo.Fault;
import com.centrovision.sync.demo.GatewayRequest;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.digest.Digests;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.runtime.SyncService;
import com.centrovision.sync.tables.DeclaredTables;
import com.centrovision.sync.tables.SyncedTable;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.Rule;
import com.centrovision.sync.testing.ServiceHome;
import com.centrovision.sync.testing.SharedLab;
import com.centrovision.sync.testing.Sides;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Protocol 1.2 and 8: both sides compared row by row, what stamps don't tell included. */
class VerifyIT {
    private static final String SILENTLY = "set session_replication_role = replica; ";
    private static final String ID = "00000000-0000-0000-0000-0000000000aa";

    @TempDir
    Path folder;

    private final Lab lab = SharedLab.get();
    private LabDatabase clinic;
    private CloudMode way = CloudMode.AUTO;

    @BeforeEach
    void newClinic() {
        lab.resetCloud();
        clinic = lab.newClinic();
    }

    private void equalSides() throws InterruptedException {
        lab.cloud().generate("verify", 20);
        pass();
        Sides.of(lab, clinic).assertEqual();
    }

    private void pass() throws InterruptedException {
        try (var service = ClinicService.onDemand(lab, clinic)) {
            assertEquals(ExitCode.OK, service.pass().exitCode());
        }
    }

    private static List<SyncedTable> tables(Path home, String... names) {
        return new DeclaredTables(home.resolve("routes/tables"))
                .tables().stream()
                        .filter(table -> names.length == 0 || List.of(names).contains(table.name()))
                        .toList();
    }

    private List<TableReport> verify(String... names) throws IOException, InterruptedException {
        return verify(tables(Path.of(""), names), false, false, Duration.ofMillis(100), 1000);
    }

    private List<TableReport> repair(String... names) throws IOException, InterruptedException {
        return verify(tables(Path.of(""), names), true, false, Duration.ofMillis(100), 1000);
    }

    private List<TableReport> verify(
            List<SyncedTable> tables, boolean repairs, boolean values, Duration pause, int shown)
            throws IOException, InterruptedException {
        var config = ClinicService.withMode(ClinicService.config(lab, clinic), way);
        var connection = new Connection(Clock.systemUTC());
        try (var http = new CloudHttp(
                        config.supabase().url(),
                        config.supabase().serviceKey(),
                        new CloudClock(Clock.systemUTC()),
                        connection);
                var database = new ClinicDatabase(config.localPostgres(), 2);
                var cloud = new CloudApi(config.supabase().url(), http)) {
            database.start();
            return new Verification(
                            new ClinicRows(database.jdbc(), config.sync().overlap(), values),
                            new CloudRows(cloud, config.sync()),
                            new Digests(
                                    database.jdbc(),
                                    cloud,
                                    new CloudFunctions(config.sync().mode(), cloud)),
                            pause,
                            shown)
                    .run(tables, repairs, (table, rows, startedAt) -> {}, report -> {});
        }
    }

    /** The columns that differ, or the side that has the row, by table. */
    private static Map<String, List<String>> found(List<TableReport> reports) {
        var found = new TreeMap<String, List<String>>();
        reports.stream()
                .filter(report -> report.differing() > 0)
                .forEach(report -> found.put(
                        report.table(),
                        report.differences().stream()
                                .flatMap(row ->
                                        row.columns().isEmpty() ? List.of(row.kind()).stream() : row.columns().stream())
                                .toList()));
        return found;
    }

    private static void assertSums(TableReport report, long equal, long moving, long different, long cloud, long own) {
        assertEquals(
                List.of(equal, moving, different, cloud, own),
                List.of(
                        report.equal(),
                        report.onTheirWay(),
                        report.different(),
                        report.onlyCloud(),
                        report.onlyClinic()),
                report::toString);
    }

    @Test
    void equalSidesHaveNoDifference() throws IOException, InterruptedException {
        equalSides();

        var reports = verify();

        assertEquals(Sides.TABLES.size(), reports.size());
        for (var report : reports) {
            assertSums(report, lab.cloud().count(report.table()), 0, 0, 0, 0);
            assertTrue(report.isEqual());
        }
    }

    @Test
    @Rule("7.2")
    void findsAnEditThatMovedNoStampInColumnsOfAllTypes() throws IOException, InterruptedException {
        equalSides();
        lab.cloud()
                .execute(
                        SILENTLY
                                + """
                                update branches set opening_hours = '{"a": 1.5}', latitude = 1e-7, name = 'Otra'
                                where id = (select min(id::text)::uuid from branches);
                                update rooms set opens_at = '05:06:07.000008', equipment = '{a,NULL}'
                                where id = (select min(id::text)::uuid from rooms);
                                update profiles set signature = '\\x00ff' where id = (select min(id::text)::uuid from profiles);
                                update patients set birth_date = '1901-02-03', is_active = not is_active, first_name = 'Otra'
                                where id = (select min(id::text)::uuid from patients);
                                update services set duration = '1 mon 3 days', price = price + 0.01
                                where id = (select min(id::text)::uuid from services);
                                update appointments set status = 'no_asistio',
                                  starts_at = starts_at + interval '1 microsecond'
                                where id = (select min(id::text)::uuid from appointments where status <> 'no_asistio');
                                update studies set taken_at = '1999-12-31 23:59:59.123456'
                                where id = (select min(id::text)::uuid from studies);
                                """);

        assertEquals(
                Map.of(
                        "branches", List.of("latitude", "name", "opening_hours"),
                        "rooms", List.of("equipment", "opens_at"),
                        "profiles", List.of("signature"),
                        "patients", List.of("birth_date", "first_name", "is_active"),
                        "services", List.of("duration", "price"),
                        "appointments", List.of("starts_at", "status"),
                        "studies", List.of("taken_at")),
                found(verify()));
    }

    @Test
    void tellsValuesOnlyWhenAsked() throws IOException, InterruptedException {
        equalSides();
        lab.cloud()
                .execute(SILENTLY
                        + "update patients set phone = 'secreto' where id = (select id from patients limit 1)");

        assertFalse(verify("patients").toString().contains("secreto"));

        var told = verify(tables(Path.of(""), "patients"), false, true, Duration.ofMillis(100), 20);
        var values = told.get(0).differences().get(0).values();
        assertEquals("secreto", values.get("phone").get("cloud").asText());
        assertEquals(1, values.size(), values::toString);
    }

    @Test
    @Rule("7.2")
    void repairsARowThatWasDamagedInTheClinicAndKeepsWhatItWas() throws IOException, InterruptedException {
        equalSides();
        clinic.execute(
                SILENTLY
                        + "set app.is_sync = 'true'; update patients set notes = 'dañada' where id = (select id from patients limit 1)");
        assertEquals(Map.of("patients", List.of("notes")), found(repair("patients")));

        pass();

        assertEquals(Map.of(), found(verify("patients")));
        Sides.of(lab, clinic).assertEqual();
        assertEquals(
                "dañada",
                clinic.value("select local_data ->> 'notes' from _conflicts where kind = 'drift'")
                        .orElseThrow());
    }

    @Test
    void fetchesWhatOnlyTheCloudHas() throws IOException, InterruptedException {
        equalSides();
        lab.cloud()
                .execute("insert into crm_pipelines (id, name, updated_at) values ('" + ID
                        + "', 'vieja', '2001-01-01')");
        var before = repair("crm_pipelines").get(0);
        assertEquals("cloud", before.differences().get(0).kind());
        assertEquals(ID, before.differences().get(0).id());

        pass();

        assertTrue(verify("crm_pipelines").get(0).isEqual());
    }

    @Test
    void leavesWhatOnlyTheClinicHasWhereItIs() throws IOException, InterruptedException {
        equalSides();
        var equal = lab.cloud().count("crm_pipelines");
        clinic.execute(SILENTLY + "insert into crm_pipelines (id, name) values ('" + ID + "', 'huérfana')");

        assertSums(repair("crm_pipelines").get(0), equal, 0, 0, 0, 1);

        assertEquals(0, clinic.count("_sync_revisit"));
        assertEquals(equal + 1, clinic.count("crm_pipelines"));
        assertEquals(equal, lab.cloud().count("crm_pipelines"));
    }

    @Test
    void findsWhatTheClinicHasBetweenBehindAndWithoutRowsOfTheCloud() throws IOException, InterruptedException {
        pass();
        clinic.execute(SILENTLY
                + "insert into crm_pipelines (name) select 'x' from generate_series(1, 2500);"
                + "insert into crm_leads (id, name) values ('00000000-0000-0000-0000-000000000001', 'a'), "
                + "('80000000-0000-0000-0000-000000000001', 'b'), ('ffffffff-0000-0000-0000-000000000001', 'c')");
        lab.cloud()
                .execute("insert into crm_leads (id, name, updated_at) values ('" + ID
                        + "', 'n', '2001-01-01'), ('90000000-0000-0000-0000-000000000001', 'n', '2001-01-01')");

        assertSums(verify("crm_pipelines").get(0), 0, 0, 0, 0, 2500);
        assertSums(verify("crm_leads").get(0), 0, 0, 0, 2, 3);
    }

    @Test
    void comparesRowsWithoutAStamp() throws IOException, InterruptedException {
        equalSides();
        lab.cloud().execute(SILENTLY + "update crm_leads set updated_at = null");
        clinic.execute(SILENTLY + "update crm_leads set updated_at = null");
        assertTrue(verify("crm_leads").get(0).isEqual());

        lab.cloud()
                .execute(SILENTLY + "update crm_leads set name = 'otro' where id = (select id from crm_leads limit 1)");

        assertEquals(Map.of("crm_leads", List.of("name")), found(verify("crm_leads")));
    }

    @Test
    void theStampCounts() throws IOException, InterruptedException {
        equalSides();
        lab.cloud()
                .execute(
                        SILENTLY
                                + "update crm_leads set updated_at = null where id = (select id from crm_leads where updated_at is not null limit 1)");

        assertEquals(Map.of("crm_leads", List.of("updated_at")), found(verify("crm_leads")));
    }

    @Test
    void aPendingChangeIsOnItsWayAndNoDifference() throws IOException, InterruptedException {
        equalSides();
        var rows = lab.cloud().count("crm_pipelines");
        clinic.execute(
                """
                insert into crm_pipelines (name) values ('nueva');
                update crm_pipelines set name = 'cambiada' where id = (select id from crm_pipelines where name <> 'nueva' limit 1)
                """);

        assertSums(repair("crm_pipelines").get(0), rows - 1, 2, 0, 0, 0);
        assertEquals(0, clinic.count("_sync_revisit"));
    }

    @Test
    void whatTheRunningServiceWillFetchIsOnItsWay() throws IOException, InterruptedException {
        equalSides();
        try (var service = ClinicService.onDemand(lab, clinic)) {
            assertEquals(ExitCode.OK, service.pass().exitCode());
            lab.cloud().execute("insert into crm_pipelines (name) values ('nueva')");

            assertEquals(1, verify("crm_pipelines").get(0).onTheirWay());
        }
        assertEquals(1, verify("crm_pipelines").get(0).onlyCloud());
    }

    @Test
    void saysWhyARowStandsInTheQuarantine() throws IOException, InterruptedException {
        equalSides();
        clinic.execute("alter table patients add constraint only_here check (first_name <> 'Prohibida')");
        lab.cloud().execute("insert into patients (first_name, last_name) values ('Prohibida', 'A')");
        try (var service = ClinicService.onDemand(lab, clinic)) {
            assertEquals(ExitCode.FINDINGS, service.pass().exitCode());
        }

        var row = verify("patients").get(0).differences().get(0);

        assertEquals("cloud", row.kind());
        assertTrue(row.reason().orElseThrow().endsWith("(rule only_here)"), row::toString);
    }

    @Test
    void oneRowThatDoesNotFitTheClinicsTypesStopsOnlyItself() throws IOException, InterruptedException {
        equalSides();
        clinic.execute(SILENTLY
                + "update crm_leads set source = '1'; alter table crm_leads alter source type integer using 1");
        lab.cloud()
                .execute(
                        SILENTLY
                                + "update crm_leads set source = '1'; update crm_leads set source = 'palabra' where id = (select id from crm_leads limit 1)");

        var report = verify("crm_leads").get(0);

        assertSums(report, lab.cloud().count("crm_leads") - 1, 0, 1, 0, 0);
        assertTrue(
                report.differences().get(0).reason().orElseThrow().startsWith("a value does not fit its column"),
                report::toString);
    }

    @Test
    void leavesOutColumnsThatOneSideHasAlone() throws IOException, InterruptedException {
        equalSides();
        clinic.execute(SILENTLY + "alter table crm_pipelines add only_here text default 'x'");
        lab.cloud().execute(SILENTLY + "alter table crm_pipelines add only_there text default 'y'");
        lab.reloadCloudSchema();
        try {
            assertTrue(verify("crm_pipelines").get(0).isEqual());
        } finally {
            lab.cloud().execute("alter table crm_pipelines drop only_there");
            lab.reloadCloudSchema();
        }
    }

    @Test
    void readsOnWhereTheServerCutsItsAnswers() throws IOException, InterruptedException {
        equalSides();
        lab.limitRows(7);
        var before = lab.cloud().count("exam_eye");
        lab.cloud().execute(SILENTLY + "update exam_eye set axis = 17 where axis is distinct from 17");

        var report = verify("exam_eye").get(0);

        assertEquals(before, report.compared());
        assertTrue(report.different() > 7, report::toString);
    }

    @Test
    @Rule("7.2")
    void readsTwentyThousandRowsPageByPage() throws IOException, InterruptedException {
        lab.cloud().generatePatients("many", 20_000);
        pass();
        clinic.execute(SILENTLY + "update patients set notes = 'x' where id::text like '%00'");
        var damaged = (Long)
                clinic.value("select count(*) from patients where notes = 'x'").orElseThrow();
        lab.gateway().clearLog();
        way = CloudMode.REST;

        var report = verify(tables(Path.of(""), "patients"), false, false, Duration.ofMillis(100), 20)
                .get(0);

        assertSums(report, 20_000 - damaged, 0, damaged, 0, 0);
        assertEquals(20, report.differences().size());
        var pages = lab.gateway().requests().stream()
                .map(GatewayRequest::path)
                .filter(path -> path.contains("/patients?"))
                .toList();
        assertTrue(pages.size() >= 20, pages::toString);
        assertTrue(
                pages.stream().allMatch(path -> path.matches(".*limit=(1000|[1-9][0-9]{0,2})([&].*)?")),
                pages::toString);
    }

    @Test
    @Rule("7.2")
    void aSystemAtWorkHasNoDifferences() throws IOException, InterruptedException {
        equalSides();
        var stopped = new AtomicBoolean();
        var failures = new ArrayList<RuntimeException>();
        try (var service = ClinicService.continuous(lab, clinic)) {
            var people = new ArrayList<Thread>();
            for (var side : List.of(lab.cloud(), clinic)) {
                people.add(new Thread(() -> {
                    for (int step = 0; !stopped.get(); step++) {
                        try {
                            work(side, side == clinic, step);
                        } catch (RuntimeException failure) {
                            failures.add(failure);
                            return;
                        }
                    }
                }));
            }
            people.forEach(Thread::start);
            try {
                long moving = 0;
                for (int round = 0; round < 4; round++) {
                    var reports = verify(tables(Path.of("")), false, false, Duration.ofSeconds(2), 1000);
                    assertEquals(Map.of(), found(reports), reports::toString);
                    moving +=
                            reports.stream().mapToLong(TableReport::onTheirWay).sum();
                }
                assertTrue(moving > 0, "nothing moved");
            } finally {
                stopped.set(true);
                for (var person : people) {
                    person.join();
                }
            }
            assertTrue(service.isOpen());
        }
        assertEquals(List.of(), failures);
    }

    private static void work(LabDatabase side, boolean isClinic, int step) {
        var row = "00000000-0000-0000-0000-%012d".formatted(step % 15);
        if (isClinic && step % 11 == 0) {
            side.execute("delete from crm_leads where id = '" + row + "'");
        } else {
            side.execute("insert into crm_leads (id, name, updated_at) values ('" + row + "', 'paso " + step
                    + "', now()) on conflict (id) do update set name = excluded.name");
        }
        side.execute("update patients set notes = 'paso " + step + "' where id in "
                + "(select id from patients order by id offset " + step % 20 + " limit 3)");
    }

    @Test
    void respectsATablesFilter() throws IOException, InterruptedException {
        var home = ServiceHome.in(folder);
        home.table("crm_pipelines", "filter", "name=like.mia*");
        lab.cloud().execute("insert into crm_pipelines (name) values ('mia 1'), ('mia 2'), ('ajena')");
        try (var service = ClinicService.start(folder, ClinicService.config(lab, clinic), SyncService.Mode.ON_DEMAND)) {
            service.pass();
        }

        var report =
                verify(tables(folder), false, false, Duration.ofMillis(100), 20).get(0);
        assertSums(report, 2, 0, 0, 0, 0);

        lab.cloud().execute(SILENTLY + "update crm_pipelines set is_default = true where name in ('mia 1', 'ajena')");
        report =
                verify(tables(folder), false, false, Duration.ofMillis(100), 20).get(0);
        assertSums(report, 1, 0, 1, 0, 0);
    }

    @Test
    void saysWhichTablesItCannotCompare() throws IOException, InterruptedException {
        equalSides();
        var home = ServiceHome.in(folder);
        home.table("crm_pipelines");
        home.table("only_clinic");
        home.table("only_cloud");
        clinic.execute("create table only_clinic (id uuid primary key, updated_at timestamptz)");
        lab.cloud().execute("create table only_cloud (id uuid primary key, updated_at timestamptz)");
        lab.reloadCloudSchema();
        try {
            var reports = verify(tables(folder), false, false, Duration.ofMillis(100), 20);

            assertEquals(
                    List.of("crm_pipelines ", "only_clinic cloud: missing", "only_cloud clinic: missing"),
                    reports.stream()
                            .map(report ->
                                    report.table() + " " + report.leftOut().orElse(""))
                            .toList());
            assertFalse(reports.get(1).isEqual());
        } finally {
            lab.cloud().execute("drop table only_cloud");
            lab.reloadCloudSchema();
        }
    }

    @Test
    void aSilentCloudIsNoDifference() throws InterruptedException {
        equalSides();
        lab.gateway().fault(Fault.status(503).matching("*", "/patients|sync_digest"));

        assertThrows(CloudUnavailableException.class, () -> verify("patients"));
    }

    @Test
    void aHiccupOfTheCloudChangesNothing() throws IOException, InterruptedException {
        equalSides();
        lab.gateway()
                .fault(Fault.cutAfterBytes(900).matching("GET", "/patients").times(2));

        assertTrue(verify("patients").get(0).isEqual());
    }
}
