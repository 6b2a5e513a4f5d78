package com.centrovision.sync.cloud;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.testing.CloudCalls;
import com.centrovision.sync.testing.CloudFile;
import com.centrovision.sync.testing.SharedLab;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The optional SQL file, run in a real cloud and asked through its real PostgREST. */
class CloudFunctionsIT {
    private static final Lab LAB = SharedLab.get();
    private static final LabDatabase CLOUD = LAB.cloud();
    private static final ObjectMapper JSON = new ObjectMapper();

    private final CloudCalls calls = new CloudCalls(LAB);

    @BeforeAll
    static void runTheFile() {
        LAB.resetCloud();
        CloudFile.install(LAB);
    }

    @AfterAll
    static void takeItAway() {
        CloudFile.remove(LAB);
        assertEquals(
                0L,
                CLOUD.value(
                                """
                        select (select count(*) from pg_proc where proname like 'sync\\_%' and pronamespace = 'public'::regnamespace)
                          + (select count(*) from pg_trigger where tgname like 'centrovision%')
                          + (select count(*) from pg_namespace where nspname like 'centrovision%')
                        """)
                        .orElseThrow());
        CloudFile.restore(LAB);
    }

    @BeforeEach
    void emptyTheCloud() {
        LAB.resetCloud();
    }

    @Test
    void answersWhatEveryTableHasNewAndLost() throws Exception {
        var kept = patient("Ana");
        var lost = patient("Luis");
        var cursor = cursor();
        CLOUD.execute("update patients set notes = 'x' where id = '%s'".formatted(kept));
        CLOUD.execute("delete from patients where id = '%s'".formatted(lost));
        CLOUD.execute("insert into branches (name, code) values ('Centro', 'TGU')");

        var answer = pull(cursor);

        assertEquals(List.of("branches", "patients"), tables(answer));
        var patients = answer.path("tables").get(1);
        assertEquals(kept.toString(), patients.path("rows").get(0).path("id").asText());
        assertEquals("x", patients.path("rows").get(0).path("notes").asText());
        assertEquals(lost.toString(), patients.path("gone").get(0).asText());
        assertFalse(answer.path("more").asBoolean());
        assertEquals(List.of(), tables(pull(answer.path("cursor").asText())));
    }

    @Test
    void missesNothingOfATransactionThatStaysOpenAndHoldsUpNobody() throws Exception {
        var cursor = cursor();
        String late;
        try (var open = CLOUD.connect()) {
            open.setAutoCommit(false);
            try (var statement = open.createStatement()) {
                statement.execute("insert into patients (first_name, last_name) values ('Late', 'P')");
            }
            var early = patient("Early");

            var ahead = pull(cursor);
            assertEquals(List.of(early.toString()), ids(ahead, "rows"));
            var quiet = pull(ahead.path("cursor").asText());
            assertEquals(
                    List.of(), tables(quiet), "what came ahead of its turn comes once more only when it is certain");

            open.commit();
            var certain = pull(quiet.path("cursor").asText());
            late = CLOUD.value("select id::text from patients where first_name = 'Late'")
                    .orElseThrow()
                    .toString();
            assertTrue(ids(certain, "rows").contains(late), certain.toString());
        }
    }

    @Test
    void isTakenAwayWhileAProgramWritesAndEndsNeitherOfThem() throws Exception {
        patient("Ana");
        var writes = CompletableFuture.runAsync(
                () -> CLOUD.execute("update patients set notes = 'x' where pg_sleep(1.5) is not null"));
        awaitASleeper();
        try {
            CloudFile.remove(LAB);
            writes.get(30, TimeUnit.SECONDS);
        } finally {
            CloudFile.install(LAB);
        }
        assertEquals("x", CLOUD.value("select notes from patients").orElseThrow());
    }

    @Test
    void comesWhileAProgramWritesOneTableAfterTheOtherAndEndsNeitherOfThem() throws Exception {
        CloudFile.remove(LAB);
        try {
            var writes = CompletableFuture.runAsync(
                    () -> CLOUD.execute(
                            """
                    do $$
                    declare
                      synced name;
                    begin
                      delete from patients where false;
                      perform pg_sleep(1.5);
                      for synced in
                        select tablename from pg_tables where schemaname = 'public'
                      loop
                        execute format('delete from public.%I where false', synced);
                      end loop;
                    end
                    $$
                    """));
            awaitASleeper();
            CloudFile.install(LAB);
            writes.get(30, TimeUnit.SECONDS);
        } finally {
            CloudFile.install(LAB);
        }
        var untold = new ArrayList<String>();
        call("sync_info", Map.of()).path("tables").forEach(table -> {
            if (!table.path("feed").asBoolean()) {
                untold.add(table.path("name").asText());
            }
        });
        assertEquals(List.of(), untold);
    }

    private static void awaitASleeper() {
        await().until(() -> CLOUD.value("select pid from pg_stat_activity where wait_event = 'PgSleep'")
                .isPresent());
    }

    @Test
    void changesOfATransactionThatWasRolledBackAreNone() throws Exception {
        var cursor = cursor();
        try (var open = CLOUD.connect()) {
            open.setAutoCommit(false);
            try (var statement = open.createStatement()) {
                statement.execute("insert into patients (first_name, last_name) values ('Never', 'P')");
            }
            open.rollback();
        }

        assertEquals(List.of(), tables(pull(cursor)));
    }

    @Test
    void answersInPagesOfBoundedRowsAndBytes() throws Exception {
        var cursor = cursor();
        CLOUD.execute(
                """
                insert into patients (first_name, last_name, notes)
                select 'P' || g, 'x', repeat('z', 3000) from generate_series(1, 40) g
                """);
        CLOUD.execute("update patients set notes = notes || 'y'");

        var seen = new ArrayList<String>();
        var pages = 0;
        for (var more = true; more; pages++) {
            var answer = call("sync_pull", Map.of("p_cursor", cursor, "p_limit", 25, "p_bytes", 20_000));
            assertTrue(answer.toString().length() < 30_000, "bytes in an answer");
            assertNotEquals(cursor, answer.path("cursor").asText(), "every answer moves on");
            seen.addAll(ids(answer, "rows"));
            cursor = answer.path("cursor").asText();
            more = answer.path("more").asBoolean();
        }

        assertEquals(40, seen.stream().distinct().count());
        assertTrue(pages > 6, "pages: " + pages);
    }

    @Test
    void aRowLargerThanAPageComesAlone() throws Exception {
        var cursor = cursor();
        CLOUD.execute(
                "insert into patients (first_name, last_name, notes) select 'P', 'x', repeat('z', 9000) from generate_series(1, 2)");

        var first = call("sync_pull", Map.of("p_cursor", cursor, "p_bytes", 100));
        var second = call("sync_pull", Map.of("p_cursor", first.path("cursor").asText(), "p_bytes", 100));

        assertEquals(1, ids(first, "rows").size());
        assertEquals(1, ids(second, "rows").size());
        assertNotEquals(ids(first, "rows"), ids(second, "rows"));
    }

    @Test
    void tellsThatATableWasEmptied() throws Exception {
        patient("Ana");
        var cursor = cursor();
        CLOUD.execute("truncate patients cascade");

        assertTrue(pull(cursor).path("tables").findValuesAsText("emptied").contains("true"));
    }

    @Test
    void tellsOneWhoWasAwayForTooLong() throws Exception {
        var cursor = cursor();
        patient("Ana");
        CLOUD.execute("update centrovision_sync.change set changed_at = now() - interval '40 days'");
        assertTrue(Long.parseLong(call("sync_trim", Map.of("p_days", 30, "p_rows", 1_000_000))
                        .asText())
                > 0);

        assertEquals("expired", pull(cursor).path("status").asText());
        assertEquals("ok", pull(cursor()).path("status").asText());
    }

    @Test
    void tellsAnotherDatabaseAndStartsAnew() throws Exception {
        var cursor = cursor();
        assertEquals("other", pull("1.1.1/1/0/0").path("status").asText());

        CLOUD.execute("update centrovision_sync.state set database_identity = '1.1.1'");
        assertEquals("other", pull(cursor).path("status").asText());
        call("sync_trim", Map.of());

        assertEquals("ok", pull(cursor()).path("status").asText());
    }

    @Test
    void appliesEachChangeOnlyOnTheVersionItWasMadeOn() throws Exception {
        var ana = patient("Ana");
        var luis = patient("Luis");
        var fresh = UUID.randomUUID();
        var orphan = UUID.randomUUID();

        var outcomes = push(List.of(
                change("patients", "UPDATE", ana, version(ana), Map.of("notes", "ours")),
                change("patients", "UPDATE", ana, version(ana), Map.of("notes", "again")),
                change("patients", "INSERT", fresh, "", Map.of("id", fresh, "first_name", "Eva", "last_name", "P")),
                change("patients", "INSERT", fresh, "", Map.of("id", fresh, "first_name", "Eva", "last_name", "Q")),
                change("appointments", "INSERT", orphan, "", Map.of("id", orphan, "patient_id", UUID.randomUUID())),
                change("patients", "DELETE", luis, version(luis), Map.of()),
                change("patients", "DELETE", luis, "1", Map.of()),
                change("no_such_table", "DELETE", luis, "1", Map.of())));

        assertEquals(
                List.of("done", "conflict", "done", "conflict", "refused", "done", "conflict", "refused"),
                outcomes.findValuesAsText("outcome"));
        assertEquals("ours", outcomes.get(1).path("row").path("notes").asText());
        assertEquals(version(ana), outcomes.get(0).path("row").path("xmin").asText());
        assertEquals("P", outcomes.get(3).path("row").path("last_name").asText());
        assertTrue(outcomes.get(4).path("code").asText().startsWith("23"), outcomes.toString());
        assertTrue(outcomes.get(6).path("row").isNull());
        assertEquals(2L, CLOUD.count("patients"));
    }

    @Test
    void appliesAChangeWhereTheRowHasTheContentThatItWasMadeOn() throws Exception {
        var columns = List.of("id", "first_name", "notes", "created_at");
        var same = patient("Ana");
        var moved = patient("Luis");
        var touched = patient("Eva");
        var capital = patient("Sol");
        var digests = new TreeMap<UUID, String>();
        for (var row : List.of(same, moved, touched, capital)) {
            digests.put(row, digestOf(row));
        }
        CLOUD.execute("update patients set notes = 'cloud' where id = '" + moved + "'");
        CLOUD.execute("update patients set last_name = 'Q' where id = '" + touched + "'");
        CLOUD.execute(
                """
                create function shout() returns trigger language plpgsql as $$
                begin new.notes = upper(new.notes); return new; end $$;
                create trigger shout before update on patients for each row when (old.first_name = 'Sol')
                execute function shout();
                alter role service_role set timezone = 'Asia/Tokyo'
                """);
        LAB.reloadCloudSchema();
        try {
            var changes = new ArrayList<Map<String, Object>>();
            digests.forEach((row, digest) -> changes.add(Map.of(
                    "table",
                    "patients",
                    "operation",
                    "UPDATE",
                    "id",
                    row,
                    "digest",
                    digest,
                    "row",
                    Map.of("notes", "ours"))));

            var outcomes = call("sync_push", Map.of("p_columns", columns, "p_changes", changes));

            for (var outcome : outcomes) {
                var row = outcome.path("id").asText();
                var isMoved = row.equals(moved.toString());
                var isCapital = row.equals(capital.toString());
                assertEquals(
                        isMoved ? "conflict" : "done", outcome.path("outcome").asText(), outcome::toString);
                assertEquals(!isMoved && !isCapital, outcome.has("part"), outcome::toString);
                assertEquals(
                        isCapital ? "OURS" : "",
                        outcome.path("row").path("notes").asText());
                assertEquals(
                        isMoved || isCapital ? "" : row.equals(touched.toString()) ? "Q" : "P",
                        outcome.path("part").path("last_name").asText());
                for (var known : columns.subList(1, columns.size())) {
                    assertFalse(outcome.path("part").has(known), known);
                }
            }
            assertEquals(
                    List.of("conflict", "conflict", "conflict", "conflict"),
                    call("sync_push", Map.of("p_columns", List.of("id", "no_such_column"), "p_changes", changes))
                            .findValuesAsText("outcome"));
        } finally {
            CLOUD.execute("alter role service_role reset timezone; drop function shout cascade");
            LAB.reloadCloudSchema();
        }
    }

    private static String digestOf(UUID patient) {
        return CLOUD.value(
                        """
                        select md5(array_send(array[id::text, first_name, notes, created_at::text]))
                        from (select set_config('timezone', 'UTC', true)) utc, patients where id = ?
                        """,
                        patient)
                .orElseThrow()
                .toString();
    }

    @Test
    void aRowThatSomebodyHoldsIsBusyAndTheOthersArrive() throws Exception {
        var held = patient("Ana");
        var free = patient("Luis");
        try (var open = CLOUD.connect()) {
            open.setAutoCommit(false);
            try (var statement = open.createStatement()) {
                statement.execute("select from patients where id = '%s' for update".formatted(held));
            }

            var outcomes = push(List.of(
                    change("patients", "UPDATE", held, version(held), Map.of("notes", "x")),
                    change("patients", "UPDATE", free, version(free), Map.of("notes", "x"))));

            assertEquals(List.of("busy", "done"), outcomes.findValuesAsText("outcome"));
            open.rollback();
        }
    }

    @Test
    void aTableThatSomebodyHoldsDoesNotHoldTheRequestForLong() throws Exception {
        CLOUD.generatePatients("held", 20);
        var changes = CLOUD.query("select id, xmin::text as version from patients").stream()
                .map(row -> change(
                        "patients", "UPDATE", (UUID) row.get("id"), (String) row.get("version"), Map.of("notes", "x")))
                .toList();
        try (var open = CLOUD.connect()) {
            open.setAutoCommit(false);
            try (var statement = open.createStatement()) {
                statement.execute("lock table patients in exclusive mode");
            }
            var start = Instant.now();

            var outcomes = push(changes).findValuesAsText("outcome");

            assertEquals(20, outcomes.stream().filter("busy"::equals).count());
            assertTrue(Duration.between(start, Instant.now()).toSeconds() < 15, "20 waits of 2 s would be 40 s");
            open.rollback();
        }
    }

    @Test
    void slowRowsAreLeftToTheNextRequestBeforeThisOneRunsOutOfTime() throws Exception {
        CLOUD.generatePatients("slow", 8);
        CLOUD.execute(
                """
                create function dawdle() returns trigger language plpgsql as
                  $$ begin perform pg_sleep(1.5); return new; end $$;
                create trigger dawdle before update on patients for each row execute function dawdle()
                """);
        try {
            var outcomes = push(CLOUD.query("select id, xmin::text as version from patients").stream()
                            .map(row -> change(
                                    "patients",
                                    "UPDATE",
                                    (UUID) row.get("id"),
                                    (String) row.get("version"),
                                    Map.of("notes", "x")))
                            .toList())
                    .findValuesAsText("outcome");

            assertEquals("done", outcomes.get(0));
            assertEquals("busy", outcomes.get(7));
            assertEquals(
                    outcomes.stream().filter("done"::equals).count(),
                    CLOUD.query("select from patients where notes = 'x'").size());
        } finally {
            CLOUD.execute("drop function dawdle cascade");
        }
    }

    @Test
    void rowsThatReferToEachOtherArriveTogetherOrNotAtAll() throws Exception {
        CLOUD.execute(
                """
                create table circle (
                  id uuid primary key, other uuid not null references circle deferrable, updated_at timestamptz);
                grant all on circle to service_role
                """);
        try {
            CloudFile.install(LAB);
            var one = UUID.randomUUID();
            var two = UUID.randomUUID();
            var pair = List.of(
                    change("circle", "INSERT", one, "", Map.of("id", one, "other", two)),
                    change("circle", "INSERT", two, "", Map.of("id", two, "other", one)));

            assertEquals(List.of("refused"), pushTogether(pair.subList(0, 1)).findValuesAsText("outcome"));
            assertEquals(0L, CLOUD.count("circle"));
            assertEquals(List.of("done", "done"), pushTogether(pair).findValuesAsText("outcome"));
            assertEquals(2L, CLOUD.count("circle"));

            var three = UUID.randomUUID();
            var again = List.of(
                    change("circle", "INSERT", three, "", Map.of("id", three, "other", one)),
                    change("circle", "INSERT", one, "", Map.of("id", one, "other", two)));
            assertEquals(List.of("undone", "conflict"), pushTogether(again).findValuesAsText("outcome"));
            assertEquals(2L, CLOUD.count("circle"), "what is undone is not called done");
        } finally {
            CLOUD.execute("drop table circle");
        }
    }

    @Test
    void aDigestTellsWhereTwoSidesDiffer() throws Exception {
        CLOUD.generatePatients("digest", 300);
        var columns = List.of("id", "first_name", "birth_date", "updated_at");
        var before = digest(columns, List.of(""), 2);
        CLOUD.execute(
                "update patients set first_name = first_name || '!' where id = (select min(id::text)::uuid from patients)");
        var after = digest(columns, List.of(""), 2);

        assertEquals(300, total(before));
        assertEquals(300, total(after));
        var differing = new ArrayList<String>();
        for (var i = 0; i < before.size(); i++) {
            if (!before.get(i).equals(after.get(i))) {
                differing.add(after.get(i).get(0).asText());
            }
        }
        assertEquals(1, differing.size());
        var changed =
                CLOUD.value("select min(id::text) from patients").orElseThrow().toString();
        assertTrue(changed.startsWith(differing.get(0)));
        assertTrue(digest(columns, differing, 0).findValuesAsText("0").isEmpty());
        assertEquals(changed, digest(columns, differing, 0).get(0).get(0).asText());
    }

    @Test
    void tellsWhatTheServiceShouldKnow() throws Exception {
        var info = call("sync_info", Map.of());

        assertEquals(CloudFunctions.VERSION, info.path("version").asInt());
        var patients = new ArrayList<JsonNode>();
        info.path("tables").forEach(table -> {
            if (table.path("name").asText().equals("patients")) {
                patients.add(table);
            }
        });
        assertTrue(patients.get(0).path("feed").asBoolean());
        assertTrue(patients.get(0).path("indexed").asBoolean());
    }

    @Test
    void nobodyElseReachesAnyOfIt() throws Exception {
        for (var key : List.of(LAB.publishableKey(), LAB.anonKey())) {
            for (var function : List.of("sync_info", "sync_pull", "sync_push", "sync_digest", "sync_trim")) {
                var answer = calls.send(calls.requestWithoutKey("/rest/v1/rpc/" + function)
                        .header("apikey", key)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(arguments(function)))
                        .build());
                assertTrue(answer.statusCode() >= 400, function + " " + answer.statusCode() + " " + answer.body());
            }
        }
        for (var role : List.of("anon", "authenticated")) {
            assertEquals(
                    0L,
                    CLOUD.value(
                                    """
                            select count(*) from pg_proc
                            where (pronamespace = 'centrovision_sync'::regnamespace or proname like 'sync\\_%')
                              and has_function_privilege('"""
                                            + role + "', oid, 'execute')")
                            .orElseThrow());
            assertEquals(
                    false,
                    CLOUD.value("select has_schema_privilege('" + role + "', 'centrovision_sync', 'usage')")
                            .orElseThrow());
        }
    }

    @Test
    void theListItselfIsOutOfReachAndOnlyTheServiceMayReadIt() throws Exception {
        for (var key : List.of(LAB.publishableKey(), LAB.anonKey(), LAB.secretKey())) {
            for (var table : List.of("change", "state")) {
                var answer = calls.send(calls.requestWithoutKey("/rest/v1/" + table)
                        .header("apikey", key)
                        .header("Accept-Profile", "centrovision_sync")
                        .GET()
                        .build());
                assertTrue(answer.statusCode() >= 400, table + " " + answer.statusCode());
            }
        }
        assertEquals(
                List.of(),
                CLOUD.query(
                        """
                        select r.name, c.relname, p.name
                        from pg_class c
                        cross join (values ('public'), ('anon'), ('authenticated'), ('service_role')) as r (name)
                        cross join (values ('select'), ('insert'), ('update'), ('delete'), ('truncate')) as p (name)
                        where c.relnamespace = 'centrovision_sync'::regnamespace
                          and c.relkind = 'r'
                          and has_table_privilege(r.name, c.oid, p.name)
                          and not (r.name = 'service_role' and p.name = 'select')
                        """));
        assertEquals(
                List.of(),
                CLOUD.query(
                        """
                        select relname from pg_class
                        where relnamespace = 'centrovision_sync'::regnamespace and relkind = 'r' and not relrowsecurity
                        """));
        assertEquals(
                List.of("note_change", "sync_trim"),
                CLOUD
                        .query(
                                """
                                select proname from pg_proc
                                where prosecdef
                                  and (pronamespace = 'centrovision_sync'::regnamespace or proname like 'sync\\_%')
                                order by 1
                                """)
                        .stream()
                        .map(row -> row.get("proname"))
                        .toList(),
                "functions with the owner's rights");
    }

    /** With row level security on, whoever may write a row has it noted, and needs no right for that. */
    @Test
    void whatAnybodyWritesIsNoted() throws Exception {
        CLOUD.execute(
                """
                create role apart; grant usage on schema public to apart; grant all on patients to apart;
                create policy anybody on patients using (true) with check (true)
                """);
        try {
            for (var role : List.of("anon", "authenticated", "service_role", "apart", "postgres")) {
                for (var work : List.of(
                        "insert into patients (first_name, last_name) values ('Ana', 'P')",
                        "update patients set notes = 'x'",
                        "delete from patients",
                        "truncate patients cascade")) {
                    if (work.startsWith("truncate") && !role.equals("postgres")) {
                        continue;
                    }
                    var cursor = cursor();

                    CLOUD.execute("begin; set local role " + role + "; " + work + "; commit");

                    var told = pull(cursor).path("tables").findValue("table");
                    assertTrue(told != null, role + ": " + work);
                }
            }
            var rows = calls.post("/rest/v1/patients", "{\"first_name\":\"Eva\",\"last_name\":\"P\"}", "");
            assertEquals(201, rows.statusCode());
            var cursor = cursor();
            var anonymous = calls.send(calls.requestWithoutKey("/rest/v1/patients?first_name=eq.Eva")
                    .header("apikey", LAB.publishableKey())
                    .header("Content-Type", "application/json")
                    .method("PATCH", BodyPublishers.ofString("{\"notes\": \"y\"}"))
                    .build());
            assertEquals(204, anonymous.statusCode(), anonymous.body());
            assertEquals(1, ids(pull(cursor), "rows").size());
        } finally {
            CLOUD.execute("drop policy anybody on patients; drop owned by apart; drop role apart");
        }
    }

    /** One statement for what is of one kind, and still every change on its own: in its order, with its own outcome. */
    @Test
    void manyChangesAtOnceKeepTheirOrderAndTheirOutcomes() throws Exception {
        CLOUD.generatePatients("many", 400);
        var patients = CLOUD.query("select id, xmin::text as version from patients order by id");
        var bad = 37;
        var moved = 211;
        var changes = new ArrayList<Map<String, Object>>();
        for (var patient : patients) {
            changes.add(change(
                    "patients",
                    "UPDATE",
                    (UUID) patient.get("id"),
                    (String) patient.get("version"),
                    Map.of(
                            "notes",
                            String.valueOf(changes.size()),
                            "birth_date",
                            changes.size() == bad ? "x" : "1990-01-01")));
        }
        CLOUD.execute("update patients set notes = 'cloud' where id = '" + id(patients, moved) + "'");
        changes.add(change("patients", "DELETE", id(patients, 0), "1", Map.of()));
        for (var i = 390; i < 400; i++) {
            changes.add(change("patients", "DELETE", id(patients, i), version(id(patients, i)), Map.of()));
        }

        var outcomes = push(changes);

        var versions = CLOUD.query("select json_object_agg(id, xmin::text)::text as versions from patients");
        var now = JSON.readTree((String) versions.get(0).get("versions"));
        assertEquals(changes.size(), outcomes.size());
        for (var i = 0; i < changes.size(); i++) {
            var outcome = outcomes.get(i);
            assertEquals(changes.get(i).get("id").toString(), outcome.path("id").asText());
            var expected = i == bad ? "refused" : i == moved || i >= 400 ? "conflict" : "done";
            assertEquals(expected, outcome.path("outcome").asText(), i + " " + outcome);
            if (expected.equals("done")) {
                assertEquals(
                        String.valueOf(i), outcome.path("row").path("notes").asText());
                assertEquals(
                        version(id(patients, i)),
                        outcome.path("row").path("xmin").asText());
            }
        }
        assertEquals("cloud", outcomes.get(moved).path("row").path("notes").asText());
        assertEquals("22007", outcomes.get(bad).path("code").asText());
    }

    private static UUID id(List<Map<String, Object>> rows, int place) {
        return (UUID) rows.get(place).get("id");
    }

    private static String arguments(String function) {
        return switch (function) {
            case "sync_push" -> "{\"p_changes\": []}";
            case "sync_digest" -> "{\"p_table\": \"patients\", \"p_columns\": [\"id\"]}";
            default -> "{}";
        };
    }

    private UUID patient(String name) {
        return (UUID) CLOUD.query("insert into patients (first_name, last_name) values (?, 'P') returning id", name)
                .get(0)
                .get("id");
    }

    private static String version(UUID patient) {
        return CLOUD.value("select xmin::text from patients where id = ?", patient)
                .orElse("0")
                .toString();
    }

    private String cursor() throws Exception {
        return pull("").path("cursor").asText();
    }

    private JsonNode pull(String cursor) throws Exception {
        return call("sync_pull", Map.of("p_cursor", cursor));
    }

    private JsonNode push(List<Map<String, Object>> changes) throws Exception {
        return call("sync_push", Map.of("p_changes", changes));
    }

    private JsonNode pushTogether(List<Map<String, Object>> changes) throws Exception {
        return call("sync_push", Map.of("p_changes", changes, "p_together", true));
    }

    private JsonNode digest(List<String> columns, List<String> prefixes, int digits) throws Exception {
        return call(
                "sync_digest",
                Map.of("p_table", "patients", "p_columns", columns, "p_prefixes", prefixes, "p_digits", digits));
    }

    private JsonNode call(String function, Map<String, ?> arguments) throws Exception {
        var answer = calls.post("/rest/v1/rpc/" + function, JSON.writeValueAsString(arguments), "");
        assertEquals(200, answer.statusCode(), answer.body());
        return JSON.readTree(answer.body());
    }

    private static Map<String, Object> change(
            String table, String operation, UUID id, String version, Map<String, Object> row) {
        return Map.of("table", table, "operation", operation, "id", id, "version", version, "row", row);
    }

    private static List<String> tables(JsonNode answer) {
        return answer.path("tables").findValuesAsText("table");
    }

    private static List<String> ids(JsonNode answer, String kind) {
        var ids = new ArrayList<String>();
        answer.path("tables").forEach(table -> table.path(kind)
                .forEach(row -> ids.add(row.path("id").asText())));
        return ids;
    }

    private static int total(JsonNode digest) {
        var total = 0;
        for (var bucket : digest) {
            total += bucket.get(1).asInt();
        }
        return total;
    }
}
