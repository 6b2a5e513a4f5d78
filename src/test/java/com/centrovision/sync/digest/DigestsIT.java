package com.centrovision.sync.digest;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.clinic.ClinicDatabase;
import com.centrovision.sync.cloud.CloudApi;
import com.centrovision.sync.cloud.CloudClock;
import com.centrovision.sync.cloud.CloudFunctions;
import com.centrovision.sync.cloud.CloudHttp;
import com.centrovision.sync.cloud.CloudUnavailableException;
import com.centrovision.sync.config.CloudMode;
import com.centrovision.sync.config.Config;
import com.centrovision.sync.connection.Connection;
import com.centrovision.sync.demo.Fault;
import com.centrovision.sync.demo.GatewayRequest;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.runtime.SyncService;
import com.centrovision.sync.tables.DeclaredTables;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.CloudFile;
import com.centrovision.sync.testing.ConfigWith;
import com.centrovision.sync.testing.Rule;
import com.centrovision.sync.testing.ServiceHome;
import com.centrovision.sync.testing.SharedLab;
import com.centrovision.sync.testing.Sides;
import com.centrovision.sync.verify.ClinicRows;
import com.centrovision.sync.verify.CloudRows;
import com.centrovision.sync.verify.TableReport;
import com.centrovision.sync.verify.Verification;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Protocol 3.4 and 8: whole tables compared by digests find what reading every row finds, in a few small requests. */
class DigestsIT {
    private static final Lab LAB = SharedLab.get();
    private static final String SILENTLY = "set session_replication_role = replica; ";
    private static final String LEAD = "00000000-0000-0000-0000-%012d";
    private static final String PIPELINES =
            """
            insert into crm_pipelines (id, name, created_at, updated_at)
            select md5(i::text)::uuid, i::text, '2025-01-01', '2025-01-01' from generate_series(1, %d) i
            """;
    private static final String DIGEST = "/rest/v1/rpc/sync_digest";

    private LabDatabase clinic;
    private ServiceHome home;

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
    void newClinic() throws IOException {
        LAB.resetCloud();
        clinic = LAB.newClinic();
        home = ServiceHome.in(folder);
    }

    @AfterEach
    void heal() {
        LAB.gateway().heal();
    }

    private void prepared(String... tables) throws IOException {
        for (var table : tables) {
            home.table(table);
        }
        ClinicService.start(folder, ClinicService.config(LAB, clinic), SyncService.Mode.ON_DEMAND)
                .close();
        LAB.gateway().clearLog();
    }

    private interface Work<T> {
        T with(ClinicDatabase database, CloudApi cloud, Config config) throws IOException, InterruptedException;
    }

    private <T> T work(CloudMode mode, Work<T> work) throws IOException, InterruptedException {
        var config = ClinicService.withMode(ClinicService.config(LAB, clinic), mode);
        var connection = new Connection(Clock.systemUTC());
        try (var http = new CloudHttp(
                        config.supabase().url(),
                        config.supabase().serviceKey(),
                        new CloudClock(Clock.systemUTC()),
                        connection);
                var database = new ClinicDatabase(config.localPostgres(), 2);
                var cloud = new CloudApi(config.supabase().url(), http)) {
            database.start();
            return work.with(database, cloud, config);
        }
    }

    private static Digests digests(ClinicDatabase database, CloudApi cloud, Config config) {
        return new Digests(
                database.jdbc(), cloud, new CloudFunctions(config.sync().mode(), cloud));
    }

    private TableReport verify(CloudMode mode) throws IOException, InterruptedException {
        LAB.gateway().clearLog();
        var tables = new DeclaredTables(folder.resolve("routes/tables")).tables();
        return work(mode, (database, cloud, config) -> new Verification(
                        new ClinicRows(database.jdbc(), config.sync().overlap(), true),
                        new CloudRows(cloud, config.sync()),
                        digests(database, cloud, config),
                        Duration.ofMillis(100),
                        1000)
                .run(tables, false, (table, rows, startedAt) -> {}, report -> {})
                .get(0));
    }

    /** Requests but for the ones that ask what the cloud has. */
    private static List<GatewayRequest> requests() {
        return LAB.gateway().requests().stream()
                .filter(request -> !request.path().matches("/rest/v1/(rpc/sync_(info|pull))?"))
                .toList();
    }

    @Test
    @Rule("7.2")
    void verifyFindsEveryKindOfDifferenceWithFewRequestsAndTellsWhatReadingEveryRowTells()
            throws IOException, InterruptedException {
        prepared("crm_pipelines");
        LAB.cloud().execute(PIPELINES.formatted(20_000));
        clinic.execute(SILENTLY + PIPELINES.formatted(20_000));

        var equal = verify(CloudMode.AUTO);

        assertEquals(20_000, equal.equal());
        assertTrue(equal.isEqual());
        assertEquals(1, requests().size(), requests()::toString);
        assertTrue(LAB.gateway().bytesOut() < 150_000, "bytes: " + LAB.gateway().bytesOut());

        LAB.cloud().execute(SILENTLY + "update crm_pipelines set name = 'sin sello' where name = '10'");

        assertEquals(1, verify(CloudMode.AUTO).different());
        assertTrue(requests().size() <= 5, requests()::toString);
        assertTrue(LAB.gateway().bytesOut() < 150_000, "bytes: " + LAB.gateway().bytesOut());

        LAB.cloud()
                .execute(
                        "update crm_pipelines set name = 'otra' where name = '500';"
                                + "delete from crm_pipelines where name = '900'; insert into crm_pipelines (name) values ('nueva')");
        clinic.execute("update crm_pipelines set name = 'mía' where name = '19000'");

        var assisted = verify(CloudMode.AUTO);
        assertTrue(requests().size() <= 6, requests()::toString);
        var plain = verify(CloudMode.REST);

        assertEquals(plain, assisted);
        assertEquals(
                List.of(19_996L, 1L, 2L, 1L, 1L),
                List.of(
                        assisted.equal(),
                        assisted.onTheirWay(),
                        assisted.different(),
                        assisted.onlyCloud(),
                        assisted.onlyClinic()));
    }

    @Test
    void contentsThatAreEqualHaveEqualDigestsWhateverTheirFormAndOthersHaveNot()
            throws IOException, InterruptedException {
        prepared("crm_leads");
        var edits = List.of(
                "n1 = 1.01",
                "n2 = 2.51",
                "f = 0.30000000000000004",
                "r = 0.25",
                "moment = moment + interval '1 microsecond'",
                "day = 'infinity'",
                "at = at + interval '1 microsecond'",
                "span = '1 mon -3 days'",
                "b = '{\"a\": 1, \"b\": [2, null]}'",
                "j = '{\"a\": 2}'",
                "words = ''",
                "more = null",
                "letters = 'ñandú 🦉'",
                "tags = '{a,null}'",
                "amounts = '{1.5,2}'",
                "bytes = '\\x00fe'",
                "flag = null",
                "padded = 'ab '",
                "big = 9007199254740993",
                "place = '10.0.0.2'",
                "status = 'atendida'",
                "words = 'null'",
                "first = 'a', second = 'b,c'",
                "first = 'a,b,c', second = ''",
                "none = '{}'",
                "none = '\"null\"'",
                "cells = '{2,1}'",
                "updated_at = null");
        var table =
                """
                create table forms (
                  id uuid primary key, n1 numeric, n2 numeric(12, %s), f float8, r float4, moment timestamptz, day date, at time,
                  span interval, b jsonb, j json, words text, more text, letters text, tags text[], amounts numeric[],
                  bytes bytea, flag boolean, padded varchar(9), big bigint, place inet, updated_at timestamptz,
                  status %s, first text, second text, none jsonb, cells integer[]%s)
                """;
        LAB.cloud().execute(table.formatted(2, "appointment_status", "") + "; grant all on forms to service_role");
        clinic.execute(table.formatted(
                4, "text", ", own text default 'x', twice numeric generated always as (n1 * 2) stored"));
        try {
            LAB.cloud()
                    .execute(
                            """
                            set timezone = 'UTC';
                            insert into forms
                            select lpad(to_hex(i), 32, '0')::uuid, 1.0, 2.5, 0.3, 0.2, '2024-05-01 12:00:00.123456+00', '2024-02-29',
                              '05:06:07.000008', '1 mon 3 days', '{"b":[2],"a":1e0}', '{"a" : 1}', null, '', 'ñandú 🦉 ''', '{a,NULL,""}',
                              '{1.50,2}', '\\x00ff', true, 'ab', 9007199254740992, '10.0.0.1', 'infinity',
                              'confirmada', 'a,b', 'c', 'null', '[0:1]={1,2}'
                            from generate_series(0, %d) i
                            """
                                    .formatted(edits.size()));
            clinic.execute(
                    """
                    set timezone = 'America/Tegucigalpa'; set extra_float_digits = -5;
                    insert into forms
                    select lpad(to_hex(i), 32, '0')::uuid, 1.000, 2.50, 0.3, 0.2, '2024-05-01 06:00:00.123456-06'::timestamptz,
                      date '2024-02-29', '05:06:07.000008', '1 mon 3 days', '{"a":1, "b": [2]}', '{ "a":1}', null, '',
                      'ñandú 🦉 ''', '{a,NULL,""}', '{1.50,2}', '\\x00ff', true, 'ab', 9007199254740992, '10.0.0.1', 'infinity',
                      'confirmada', 'a,b', 'c', null, '{1,2}'
                    from generate_series(0, %d) i
                    """
                            .formatted(edits.size()));
            assertEquals(Set.of(), found());

            var expected = new TreeSet<String>();
            for (int edit = 1; edit <= edits.size(); edit++) {
                var id = "00000000-0000-0000-0000-%012x".formatted(edit);
                LAB.cloud().execute("update forms set " + edits.get(edit - 1) + " where id = '" + id + "'");
                expected.add(id);
            }
            assertEquals(expected, found());
        } finally {
            LAB.cloud().execute("drop table forms");
        }
    }

    private Set<String> found() throws IOException, InterruptedException {
        var columns = "id,n1,n2,f,r,moment,day,at,span,b,j,words,more,letters,tags,amounts,bytes,flag,padded,big,place,"
                + "updated_at,status,first,second,none,cells,twice,only_cloud";
        return work(
                CloudMode.AUTO,
                (database, cloud, config) -> new TreeSet<>(digests(database, cloud, config)
                        .differing("forms", "", List.of(columns.split(",")))
                        .orElseThrow()
                        .ids()));
    }

    @Test
    @Rule("3.2.9")
    void whereTheFunctionIsGoneOrAFilterHoldsRowsAreReadAndSomebodyElsesAnswerIsNone()
            throws IOException, InterruptedException {
        prepared("crm_pipelines");
        LAB.cloud().execute(PIPELINES.formatted(50));
        clinic.execute(SILENTLY + PIPELINES.formatted(50));

        LAB.gateway()
                .fault(Fault.cutAfterBytes(40).matching("POST", "sync_digest").times(1));
        assertEquals(50, verify(CloudMode.AUTO).equal());
        assertEquals(0, LAB.gateway().count("GET", "/rest/v1/crm_pipelines"));

        LAB.gateway().fault(Fault.captivePortal().matching("POST", "sync_digest"));
        assertThrows(CloudUnavailableException.class, () -> verify(CloudMode.AUTO));
        LAB.gateway().heal();

        home.table("crm_pipelines", "filter", "name=like.1*");
        clinic.execute(SILENTLY + "delete from crm_pipelines where name not like '1%'");
        assertEquals(11, verify(CloudMode.AUTO).equal());
        assertEquals(0, LAB.gateway().count("POST", DIGEST));

        home.table("crm_pipelines");
        LAB.cloud().execute("drop function sync_digest(text, text[], text[], integer)");
        try {
            var report = verify(CloudMode.AUTO);
            assertEquals(11, report.equal());
            assertEquals(39, report.onlyCloud());
        } finally {
            CloudFile.install(LAB);
        }
    }

    @Test
    @Rule({"3.4.2", "3.4.3", "1.4"})
    void theNightFindsWhatNobodyToldAndCountsNoTableThatTheFeedTells() throws IOException {
        home.table("crm_leads");
        home.table("crm_pipelines");
        LAB.cloud()
                .execute(
                        """
                        insert into crm_pipelines (name) values ('una');
                        insert into crm_leads (id, name, updated_at)
                        select format('00000000-0000-0000-0000-%s', lpad(i::text, 12, '0'))::uuid, 'n', now() - interval '30 days'
                        from generate_series(1, 200) i
                        """);
        try (var service = ClinicService.start(folder, lookingEverySecond(), SyncService.Mode.CONTINUOUS)) {
            await().until(() -> clinic.count("_sync_metadata where fed_alone and loaded_at is not null") == 2);
            Sides.of(LAB, clinic).assertEqual("crm_leads");
            await().until(() -> clinic.count("_sync_metadata where compare_due_at is not null") == 0);
            LAB.gateway().clearLog();

            nightComes();

            await().until(this::isCompared);
            assertEquals(2, LAB.gateway().count("POST", DIGEST));
            assertEquals(2, requests().size(), requests()::toString);

            LAB.cloud()
                    .execute("begin; set local session_replication_role = replica;"
                            + "update crm_leads set name = 'sin aviso' where id = '" + LEAD.formatted(5) + "';"
                            + "update crm_leads set name = 'atrás', updated_at = '2020-01-01' where id = '"
                            + LEAD.formatted(6) + "';"
                            + "delete from crm_leads where id = '" + LEAD.formatted(7) + "';"
                            + "delete from centrovision_sync.change where xid = pg_current_xact_id(); commit");
            clinic.execute("begin; set local session_replication_role = replica; update crm_leads set name = 'dañada' "
                    + "where id = '" + LEAD.formatted(8) + "'; commit");
            LAB.gateway().clearLog();
            nightComes();

            await().untilAsserted(() -> Sides.of(LAB, clinic).assertEqual("crm_leads"));
            assertEquals(199, clinic.count("crm_leads"));
            assertEquals(
                    List.of("dañada", "n"),
                    clinic
                            .query(
                                    "select local_data ->> 'name' as name from _conflicts where kind = 'drift' order by 1")
                            .stream()
                            .map(row -> row.get("name"))
                            .toList());
            assertEquals(0, LAB.gateway().count("HEAD", "/"));
            assertTrue(service.isOpen());
        }
    }

    private Config lookingEverySecond() {
        return ConfigWith.parts(
                ClinicService.config(LAB, clinic), new Config.Reconcile(Duration.ofSeconds(1), 2, 50, 5));
    }

    private void nightComes() {
        clinic.execute(
                "update _sync_metadata set loaded_at = now() - interval '3 days', compared_at = now() - interval '2 days'");
    }

    private boolean isCompared() {
        return clinic.count("_sync_metadata where compared_at > now() - interval '1 day'") == 2;
    }
}
