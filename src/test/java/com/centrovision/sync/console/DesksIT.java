package com.centrovision.sync.console;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.config.Config;
import com.centrovision.sync.demo.FreePorts;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.ConfigWith;
import com.centrovision.sync.testing.ConsoleClient;
import com.centrovision.sync.testing.SharedLab;
import com.centrovision.sync.testing.Sides;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Protocol 4.4 and 4.5: what a person does about conflicts, refused rows and the sync; who looks and who acts is written down. */
class DesksIT {
    private static final String LEAD = "00000000-0000-0000-0000-00000000000a";
    private static final String OTHER = "00000000-0000-0000-0000-00000000000b";
    private static final String WHY = "{\"reason\": \"llamó la paciente\"}";

    private final Lab lab = SharedLab.get();
    private final int port = FreePorts.next();
    private final ConsoleClient console = new ConsoleClient("127.0.0.1", port);
    private LabDatabase clinic;
    private ClinicService service;

    @BeforeEach
    void oneCommonRow() {
        lab.resetCloud();
        lab.cloud()
                .execute("insert into crm_leads (id, name, phone, updated_at) values ('" + LEAD
                        + "', 'base', '1', now() - interval '1 day')");
        clinic = lab.newClinic();
        service = ClinicService.withConsole(
                ConfigWith.parts(
                        ClinicService.config(lab, clinic),
                        new Config.Console("127.0.0.1", port, Optional.empty(), Optional.empty())),
                "crm_leads");
        await().until(() -> clinic.count("_sync_metadata where loaded_at is not null") == 1);
    }

    @AfterEach
    void stop() {
        service.close();
        lab.cloud().execute("alter table crm_leads drop constraint if exists named");
    }

    @Test
    void pausesAndThenAPersonDecidesAConflict() {
        assertEquals(200, act("{\"action\": \"pause\", \"reason\": \"mantenimiento\"}"));
        assertFalse(service.isOpen());
        assertEquals(
                "paused-by-person",
                console.json("/api/connection-status").get("reason").asText());
        lab.cloud().execute("update crm_leads set name = 'cloud', updated_at = clock_timestamp()");
        clinic.execute("update crm_leads set name = 'clinic', updated_at = clock_timestamp() + interval '1 s'");
        assertEquals("cloud", name(lab.cloud()));
        assertEquals(200, act("{\"action\": \"resume\", \"reason\": \"listo\"}"));
        await().until(() -> clinic.count("_conflicts") == 1 && clinic.count("_sync_pending where not synced") == 0);
        assertEquals("clinic", name(lab.cloud()));

        var id = console.json("/api/conflicts").get(0).get("id").asLong();
        assertEquals(400, console.get("/api/conflicts/" + id).statusCode());
        assertEquals(0, clinic.count("_sync_audit where action = 'view-conflict'"));
        var shown = console.json("/api/conflicts/" + id, "Console-Person", "Jos%C3%A9");
        assertEquals("cloud", shown.get("columns").get(0).get("cloud").asText());
        var version = shown.get("version").asText();
        assertEquals(
                List.of(Map.of("person", "José", "address", "127.0.0.1", "row", LEAD, "table_name", "crm_leads")),
                clinic.query("select person, address, record_id::text as row, table_name from _sync_audit "
                        + "where action = 'view-conflict'"));

        var resolve = "/api/conflicts/" + id + "/resolve";
        assertEquals(400, console.act(" ", resolve, keep("remote", version)).statusCode());
        assertEquals(
                404,
                console.act("José", "/api/conflicts/99/resolve", keep("remote", version))
                        .statusCode());
        var moved = console.act("José", resolve, keep("remote", "what stood here an hour ago"));
        assertEquals(409, moved.statusCode());
        assertEquals("CV-CONFLICT-03", ConsoleClient.json(moved).get("code").asText());
        assertEquals("clinic", name(clinic));
        assertEquals(200, console.act("José", resolve, keep("remote", version)).statusCode());
        await().until(() -> name(lab.cloud()).equals("cloud") && clinic.count("_sync_pending where not synced") == 0);
        Sides.of(lab, clinic).assertEqual("crm_leads");
        var stale = console.act("Ana", resolve, keep("local", version));
        assertEquals(409, stale.statusCode());
        assertEquals("CV-CONFLICT-02", ConsoleClient.json(stale).get("code").asText());
        assertEquals(
                List.of("remote José"),
                clinic.query("select resolution || ' ' || resolved_by as decided from _conflicts").stream()
                        .map(row -> row.get("decided"))
                        .toList());
        assertEquals(
                List.of("pause", "resume", "view-conflict", "keep-remote", "keep-remote", "keep-remote", "keep-local"),
                clinic.query("select action from _sync_audit order by id").stream()
                        .map(row -> row.get("action"))
                        .toList());
        assertEquals(7, console.json("/api/audit").size());
    }

    @Test
    void aPersonPutsAHeldRowTogetherFromBothVersions() {
        clinic.execute("update _sync_metadata set strategy = 'manual'");
        assertEquals(200, act("{\"action\": \"pause\", \"reason\": \"x\"}"));
        lab.cloud()
                .execute(
                        "update crm_leads set name = 'cloud', phone = '22', source = 'web', updated_at = clock_timestamp()");
        clinic.execute("update crm_leads set name = 'clinic', phone = '33', updated_at = clock_timestamp()");
        assertEquals(200, act("{\"action\": \"resume\", \"reason\": \"x\"}"));
        await().until(() -> clinic.count("_sync_pending where conflict_id is not null and not synced") == 1);
        var conflict = console.json("/api/conflicts").get(0).get("id").asLong();
        var version = console.json("/api/conflicts/" + conflict, "Console-Person", "Ana")
                .get("version")
                .asText();

        for (var unfit : List.of(
                "{}",
                "[]",
                "\"local\"",
                "{\"name\": \"local\", \"phone\": \"remote\"}",
                "{\"name\": \"local\", \"phone\": \"remote\", \"source\": \"both\"}",
                "{\"name\": \"local\", \"phone\": \"remote\", \"source\": \"local\", \"id\": \"local\"}")) {
            assertEquals(400, merge(conflict, version, unfit), unfit);
        }
        assertEquals(1, clinic.count("_sync_pending where conflict_id is not null and not synced"));
        assertEquals(
                200, merge(conflict, version, "{\"name\": \"local\", \"phone\": \"remote\", \"source\": \"remote\"}"));
        for (var side : List.of(clinic, lab.cloud())) {
            await().until(() -> side.count("crm_leads where name = 'clinic' and phone = '22' and source = 'web'") == 1);
        }
        await().until(() -> clinic.count("_sync_pending where not synced") == 0);
        Sides.of(lab, clinic).assertEqual("crm_leads");
        assertEquals(
                1,
                clinic.count(
                        "_conflicts where resolution = 'merged' and resolved_by = 'Ana' and winner = 'merged' "
                                + "and local_data ->> 'phone' = '33' and remote_data ->> 'name' = 'cloud' and result ->> 'name' = 'clinic'"));
        assertEquals(1, clinic.count("_sync_audit where action = 'keep-merged' and outcome = 'settled'"));
        assertEquals(
                409, merge(conflict, version, "{\"name\": \"remote\", \"phone\": \"remote\", \"source\": \"remote\"}"));
    }

    @Test
    void whatTheCloudRefusesAndAPersonGivesUpGivesWayAndCanBeBroughtBack() {
        lab.cloud().execute("alter table crm_leads add constraint named check (name <> 'nobody')");
        clinic.execute("update crm_leads set name = 'nobody', updated_at = clock_timestamp()");
        await().until(() -> console.json("/api/quarantine").size() == 1);
        var refused = console.json("/api/quarantine").get(0);
        var giveUp = "/api/quarantine/" + refused.get("id").asLong() + "/give-up";
        var seen = seen(refused);
        assertEquals(400, console.act("Ana", giveUp, "{}").statusCode());
        assertEquals(400, console.act("Ana", giveUp, WHY).statusCode());
        assertEquals(404, console.act("Ana", "/api/quarantine/99/give-up", seen).statusCode());
        assertConflict("CV-QUARANTINE-06", console.act("Ana", giveUp, decision("what stood here an hour ago")));
        assertEquals("nobody", name(clinic));

        assertEquals(200, console.act("José", giveUp, seen).statusCode());

        assertEquals("base", name(clinic));
        assertEquals("base", name(lab.cloud()));
        assertEquals(0, clinic.count("_sync_pending where not synced"));
        assertEquals(0, console.json("/api/quarantine").size());
        assertEquals(404, console.act("Ana", giveUp, seen).statusCode());
        assertEquals(
                List.of(
                        Map.of("person", "Ana", "outcome", "moved", "reason", "llamó la paciente", "row", LEAD),
                        Map.of("person", "José", "outcome", "given-up", "reason", "llamó la paciente", "row", LEAD)),
                clinic.query("select person, outcome, reason, record_id::text as row from _sync_audit "
                        + "where action = 'give-up' and address = '127.0.0.1' order by id"));
        var conflict = console.json("/api/conflicts").get(0);
        assertEquals("given_up", conflict.get("kind").asText());
        assertEquals("José", conflict.get("resolved_by").asText());
        Sides.of(lab, clinic).assertEqual("crm_leads");

        lab.cloud().execute("alter table crm_leads drop constraint named");
        var kept = "/api/conflicts/" + conflict.get("id").asLong();
        var version = console.json(kept, "Console-Person", "Ana").get("version").asText();
        assertEquals(
                200,
                console.act("Ana", kept + "/resolve", keep("local", version)).statusCode());
        await().until(() -> name(lab.cloud()).equals("nobody") && clinic.count("_sync_pending where not synced") == 0);
        Sides.of(lab, clinic).assertEqual("crm_leads");
    }

    @Test
    void triesARefusedRowAgainAndReadsATableAgain() {
        clinic.execute("alter table crm_leads add constraint named check (name <> 'nobody')");
        lab.cloud()
                .execute("insert into crm_leads (id, name, updated_at) values ('" + OTHER
                        + "', 'nobody', clock_timestamp())");
        await().until(() -> console.json("/api/quarantine").size() == 1);
        var refused = console.json("/api/quarantine").get(0);
        assertEquals(OTHER, refused.get("record_id").asText());
        assertFalse(refused.toString().contains("nobody"));
        var row = "/api/quarantine/" + refused.get("id").asLong();
        assertEquals(400, console.get(row).statusCode());
        assertTrue(console.get(row, "Console-Person", "Ana").body().contains("nobody"));
        assertEquals(1, clinic.count("_sync_audit where action = 'view-quarantine' and record_id = '" + OTHER + "'"));
        assertEquals(200, console.act("Ana", row + "/give-up", seen(refused)).statusCode());
        assertConflict("CV-QUARANTINE-05", console.act("José", row + "/give-up", seen(refused)));
        passesTwice();
        var givenUp = console.json("/api/quarantine").get(0);
        assertEquals("Ana", givenUp.get("given_up_by").asText());
        assertEquals("llamó la paciente", givenUp.get("given_up_reason").asText());
        assertEquals(0, clinic.count("_sync_status where quarantine > 0"));
        assertEquals(200, console.act("Ana", row + "/retry", WHY).statusCode());
        assertTrue(console.json("/api/quarantine").get(0).get("given_up_at").isNull());
        assertEquals(200, console.act("Ana", row + "/give-up", seen(refused)).statusCode());
        lab.cloud()
                .execute("update crm_leads set phone = '7', updated_at = clock_timestamp() where id = '" + OTHER + "'");
        await().until(() ->
                console.json("/api/quarantine").get(0).get("given_up_at").isNull());
        assertConflict("CV-QUARANTINE-06", console.act("Ana", row + "/give-up", seen(refused)));
        clinic.execute("alter table crm_leads drop constraint named");
        await().until(() -> console.json("/api/quarantine").isEmpty());
        assertEquals(404, console.act("Ana", row + "/retry", WHY).statusCode());
        assertEquals(
                404,
                console.act("Ana", "/api/quarantine/99999999999999999/retry", WHY)
                        .statusCode());
        assertEquals(400, console.act("Ana", "/api/quarantine/x/retry", WHY).statusCode());

        clinic.execute(
                """
                begin;
                set local app.is_sync = 'true';
                update crm_leads set phone = 'lost' where id = '%s';
                commit;
                """
                        .formatted(LEAD));
        assertEquals(400, act("{\"action\": \"reload\", \"reason\": \"x\", \"table\": \"pg_class\"}"));
        assertEquals(200, act("{\"action\": \"reload\", \"reason\": \"x\", \"table\": \"crm_leads\"}"));
        await().until(() -> clinic.count("crm_leads where phone = 'lost'") == 0
                && clinic.count("_sync_metadata where loaded_at is not null and refill_columns is null") == 1);
        Sides.of(lab, clinic).assertEqual("crm_leads");
        assertEquals(1, clinic.count("_conflicts where kind = 'drift' and local_data ->> 'phone' = 'lost'"));
        assertEquals(409, act("{\"action\": \"accept-deletes\", \"reason\": \"x\", \"table\": \"crm_leads\"}"));
        assertEquals(400, act("{\"action\": \"format\", \"reason\": \"x\"}"));

        var asked = console.act("Ana", "/api/actions", "{\"action\": \"sync\", \"reason\": \"x\"}");
        var request =
                "/api/requests/" + ConsoleClient.json(asked).get("outcome").asText();
        await().until(() -> console.json(request).path("reachable").asBoolean());
        var history = console.json("/api/tables/crm_leads/history");
        assertEquals(24, history.size());
        assertTrue(history.get(23).get("rows_down").asInt()
                        + history.get(22).get("rows_down").asInt()
                >= 2);
        await().until(() -> console.json("/api/day").get("stretches").size() > 0);
        assertEquals(200, console.get("/api/alerts").statusCode());
    }

    /** What a person decides who has seen the row as it is told here. */
    private static String seen(JsonNode refused) {
        return decision(refused.get("version").asText());
    }

    private static String decision(String version) {
        return "{\"version\": \"%s\", \"reason\": \"llamó la paciente\"}".formatted(version);
    }

    private static void assertConflict(String code, HttpResponse<String> answer) {
        assertEquals(409, answer.statusCode(), answer.body());
        assertEquals(code, ConsoleClient.json(answer).get("code").asText());
    }

    private void passesTwice() {
        for (int pass = 0; pass < 2; pass++) {
            var before = clinic.value("select max(last_sync_from_supabase) from _sync_metadata");
            await().until(() -> !clinic.value("select max(last_sync_from_supabase) from _sync_metadata")
                    .equals(before));
        }
    }

    private int act(String body) {
        return console.act("Ana", "/api/actions", body).statusCode();
    }

    private static String keep(String side, String version) {
        return "{\"keep\": \"%s\", \"version\": \"%s\", \"reason\": \"la nube tiene razón\"}".formatted(side, version);
    }

    private int merge(long id, String version, String columns) {
        return console.act(
                        "Ana",
                        "/api/conflicts/" + id + "/resolve",
                        "{\"keep\": \"merged\", \"version\": \"%s\", \"reason\": \"x\", \"columns\": %s}"
                                .formatted(version, columns))
                .statusCode();
    }

    private static String name(LabDatabase side) {
        return side.value("select name from crm_leads where id = '" + LEAD + "'")
                .orElseThrow()
                .toString();
    }
}
