package com.centrovision.sync.up;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.demo.Fault;
import com.centrovision.sync.demo.GatewayRequest;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.pass.PassResult;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.Rule;
import com.centrovision.sync.testing.SharedLab;
import com.centrovision.sync.testing.Sides;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Protocol 4.1 to 4.3 and 4.5: the clinic's changes reach the cloud, once and in order. */
class OfflineEditsIT {
    private static final String A_VISIT =
            """
            insert into patients (id, first_name, last_name) values ('%1$s', 'María', 'Núñez');
            insert into appointments (id, patient_id, starts_at) values ('%1$s', '%1$s', '2026-05-01 09:00-06');
            insert into encounters (id, patient_id, appointment_id) values ('%1$s', '%1$s', '%1$s');
            insert into diagnoses (id, encounter_id, code, description) values ('%1$s', '%1$s', 'H52.1', 'Miopía');
            insert into diagnoses (encounter_id, parent_id, code, description) values ('%1$s', '%1$s', 'H52.2', 'Astigmatismo');
            insert into invoices (id, patient_id, appointment_id, total) values ('%1$s', '%1$s', '%1$s', 700);
            insert into invoice_items (invoice_id, description, quantity, unit_price) values ('%1$s', 'Consulta', 1.500, 466.67);
            insert into payments (invoice_id, amount, details) values ('%1$s', 700, '{"caja": 1.10}');
            """;

    private static final String[] TABLES = {
        "appointments", "branches", "crm_leads", "crm_pipelines", "diagnoses", "encounters",
        "inventory_items", "inventory_movements", "invoice_items", "invoices", "patients", "payments"
    };

    private final Lab lab = SharedLab.get();
    private LabDatabase clinic;
    private ClinicService service;

    @BeforeEach
    void loadedSides() throws InterruptedException {
        lab.resetCloud();
        clinic = lab.newClinic();
        lab.cloud().generate("offline", 20);
        service = ClinicService.onDemand(lab, clinic, TABLES);
        assertEquals(ExitCode.OK, service.pass().exitCode());
        lab.gateway().clearLog();
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private void passMakesEqual() throws InterruptedException {
        var result = service.pass();
        assertEquals(ExitCode.OK, result.exitCode(), result::toString);
        Sides.of(lab, clinic).assertEqual(TABLES);
        assertEquals(0, clinic.count("_conflicts"));
    }

    private List<GatewayRequest> writes() {
        return lab.gateway().requests().stream().filter(GatewayRequest::isWrite).toList();
    }

    @Test
    @Rule({"4.5.1", "4.2.3"})
    void insertsUpdatesAndDeletesArriveWhenTheLineReturns() {
        service.close();
        lab.gateway().fault(Fault.refuse());
        service = ClinicService.continuous(lab, clinic, TABLES);
        clinic.execute(A_VISIT.formatted("00000000-0000-0000-0000-0000000000f1"));
        clinic.execute("update patients set phone = '9999-0000', allergies = '{polen}' where first_name <> 'María'");
        clinic.execute("delete from crm_leads");

        lab.gateway().heal();

        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertEquals(
                    0,
                    clinic.query("select from _sync_pending where not synced").size());
            Sides.of(lab, clinic).assertEqual(TABLES);
        });
        assertEquals(0, clinic.count("_conflicts"));
    }

    @Test
    @Rule({"2.5", "2.1"})
    void theCloudsNumbersAndDefaultsComeBackToTheClinic() throws InterruptedException {
        clinic.execute(A_VISIT.formatted("00000000-0000-0000-0000-0000000000f2"));

        passMakesEqual();

        assertTrue(clinic.value("select invoice_number from invoices where id = '00000000-0000-0000-0000-0000000000f2'")
                .orElse("")
                .toString()
                .startsWith("000-001-01-"));
    }

    @Test
    @Rule("1.3")
    void whatCameDownOrWasSentIsNotSentAgain() throws InterruptedException {
        clinic.execute("update patients set notes = 'una vez'");
        passMakesEqual();
        lab.gateway().clearLog();

        passMakesEqual();

        assertEquals(List.of(), writes());
    }

    @Test
    @Rule("4.2.7")
    void editsArriveThoughTheCloudServesFewerRowsThanAChunkHas() throws InterruptedException {
        lab.limitRows(6);
        clinic.execute("update patients set notes = 'muchos'");
        clinic.execute("delete from crm_leads");
        clinic.execute("insert into crm_pipelines (name) select 'nuevo ' || i from generate_series(1, 40) i");

        passMakesEqual();

        assertEquals(
                0,
                clinic.query("select from _sync_pending where retry_count > 0").size());
    }

    @Test
    @Rule("4.2.1")
    void severalEditsOfARowAreSentAsOne() throws InterruptedException {
        var edits = IntStream.range(0, 5)
                .mapToObj(edit ->
                        "update branches set phone = '" + edit + "' where code = (select min(code) from branches);")
                .collect(Collectors.joining());
        clinic.execute("begin;" + edits + "commit");

        passMakesEqual();

        assertEquals(1, writes().size(), writes()::toString);
    }

    @Test
    @Rule("4.2.1")
    void aRowThatWasThereForAMomentLeavesNothing() throws InterruptedException {
        clinic.execute("begin; insert into crm_pipelines (name) values ('efímero');"
                + "delete from crm_pipelines where name = 'efímero'; commit");

        passMakesEqual();

        assertEquals(0, clinic.count("_sync_pending where not synced"));
    }

    @Test
    @Rule("4.2.2")
    void onlyTheChangedColumnsAreSent() throws InterruptedException {
        lab.cloud()
                .execute(
                        """
                        create function refuse_city() returns trigger language plpgsql as
                          $$ begin raise exception 'city was sent'; end $$;
                        create trigger refuse_city before update of city on branches
                          for each row execute function refuse_city()
                        """);
        try {
            clinic.execute("update branches set phone = 'nuevo'");

            passMakesEqual();
        } finally {
            lab.cloud().execute("drop function refuse_city cascade");
        }
    }

    @Test
    @Rule("4.3.2")
    void anAnswerLostAfterTheWriteRepeatsWithoutHarm() throws InterruptedException {
        lab.gateway().fault(Fault.loseAnswer().matching("POST", "").times(2));
        lab.gateway().fault(Fault.loseAnswer().matching("PATCH", "").times(2));
        lab.gateway().fault(Fault.loseAnswer().matching("DELETE", "").times(2));
        lab.gateway()
                .fault(Fault.loseAnswer().matching("POST", "/rpc/sync_push").times(2));
        clinic.execute(A_VISIT.formatted("00000000-0000-0000-0000-0000000000f3"));
        clinic.execute("update patients set notes = 'perdida' where first_name <> 'María'");
        clinic.execute("delete from crm_leads");

        var passes = 0;
        while (passes++ < 5 && service.pass().exitCode() != ExitCode.OK) {
            await().atMost(Duration.ofSeconds(15)).until(service::isOpen);
        }

        passMakesEqual();
    }

    @Test
    @Rule({"4.3.1", "2.5"})
    void editsMadeWhileTheRowIsOnItsWayAreSentNext() throws InterruptedException {
        lab.gateway()
                .fault(Fault.delay(Duration.ofMillis(1500)).matching("POST", "").times(1));
        lab.gateway()
                .fault(Fault.delay(Duration.ofMillis(1500))
                        .matching("PATCH", "")
                        .times(1));
        lab.gateway()
                .fault(Fault.delay(Duration.ofMillis(1500))
                        .matching("POST", "/rpc/sync_push")
                        .times(1));
        clinic.execute("insert into invoices (id, total) values ('00000000-0000-0000-0000-0000000000f4', 1)");
        clinic.execute("update branches set phone = 'primero' where code = (select min(code) from branches)");
        var editor = new Thread(this::editNineTimes);
        editor.start();
        service.pass();
        editor.join();

        passMakesEqual();

        assertEquals(
                1,
                lab.cloud()
                        .query("select from invoices where total = 10 and invoice_number is not null")
                        .size());
        assertEquals(
                1,
                lab.cloud()
                        .query("select from branches where phone = 'primero' and city = 'edición 8'")
                        .size());
    }

    private void editNineTimes() {
        for (int edit = 0; edit < 9; edit++) {
            clinic.execute("update invoices set total = total + 1 where id = '00000000-0000-0000-0000-0000000000f4'");
            clinic.execute("update branches set city = 'edición " + edit + "' where phone = 'primero'");
            await().pollDelay(Duration.ofMillis(250)).until(() -> true);
        }
    }

    @Test
    @Rule({"1.5", "4.2.6", "4.5.4"})
    void oneRowThatTheCloudRefusesStopsOnlyItselfAndANewEditTriesAgainAtOnce() throws InterruptedException {
        lab.cloud().execute("alter table crm_pipelines add constraint corto check (length(name) < 40)");
        try {
            clinic.execute("insert into crm_pipelines (name) select 'bien ' || i from generate_series(1, 230) i");
            clinic.execute("insert into crm_pipelines (name) values (repeat('largo', 20))");
            clinic.execute("insert into crm_pipelines (name) select 'también ' || i from generate_series(1, 60) i");

            var result = service.pass();

            assertEquals(ExitCode.FINDINGS, result.exitCode());
            assertEquals(1, result.pending(), result::toString);
            assertEquals(clinic.count("crm_pipelines") - 1, lab.cloud().count("crm_pipelines"));
            assertEquals(
                    "23514",
                    clinic.value("select code from _sync_quarantine where direction = 'UP'")
                            .orElseThrow());

            clinic.execute("update crm_pipelines set name = 'corto ya' where length(name) >= 40");
            passMakesEqual();
            assertEquals(0, clinic.count("_sync_quarantine"));
        } finally {
            lab.cloud().execute("alter table crm_pipelines drop constraint corto");
        }
    }

    @Test
    @Rule("4.5.4")
    void anUpdateAndADeleteThatTheCloudRefusesAreKeptAndSentWhenItTakesThem() throws InterruptedException {
        lab.cloud()
                .execute(
                        """
                        create function refuse() returns trigger language plpgsql as
                          $$ begin raise exception 'not now: %', old.name; end $$;
                        create trigger refuse before update or delete on crm_leads
                          for each row execute function refuse()
                        """);
        try {
            clinic.execute("update crm_leads set phone = 'x' where id = (select min(id::text)::uuid from crm_leads)");
            clinic.execute("delete from crm_leads where id = (select max(id::text)::uuid from crm_leads)");

            var result = service.pass();

            assertEquals(ExitCode.FINDINGS, result.exitCode());
            assertEquals(
                    List.of("P0001", "P0001"),
                    clinic.query("select code from _sync_quarantine where direction = 'UP'").stream()
                            .map(row -> row.get("code"))
                            .toList());
        } finally {
            lab.cloud().execute("drop function refuse cascade");
        }
        passMakesEqual();
        assertEquals(0, clinic.count("_sync_quarantine"));
    }

    /** A refusal that is on its way when a person asks for a pass is of before it. */
    @Test
    @Rule("4.5.4")
    void aPassTriesAgainWhatWasRefusedWhileItBegan() throws InterruptedException {
        lab.cloud().execute("alter table crm_leads add constraint corto check (length(phone) < 40)");
        try {
            clinic.execute(
                    "update crm_leads set phone = repeat('9', 40) where id = (select min(id::text)::uuid from crm_leads)");
            assertEquals(ExitCode.FINDINGS, service.pass().exitCode());
            lab.gateway()
                    .fault(Fault.holdAnswer().matching("PATCH", "crm_leads").times(1));
            lab.gateway().fault(Fault.holdAnswer().matching("POST", "sync_push").times(1));
            await().until(() -> lab.gateway().held() == 1);
        } finally {
            lab.cloud().execute("alter table crm_leads drop constraint corto");
        }
        lab.gateway().clearLog();
        var pass = CompletableFuture.supplyAsync(this::passUnchecked);
        await().until(() -> lab.gateway().requests().stream()
                .anyMatch(request -> request.path().matches(".*(crm_leads|sync_pull).*")));

        lab.gateway().heal();

        var result = pass.join();
        assertEquals(ExitCode.OK, result.exitCode(), result::toString);
        Sides.of(lab, clinic).assertEqual(TABLES);
    }

    private PassResult passUnchecked() {
        try {
            return service.pass();
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    @Test
    @Rule("4.2.8")
    void anInsertThatTheCloudSwallowsIsNoConflictAndIsTriedAgain() throws InterruptedException {
        lab.cloud()
                .execute(
                        """
                        create function swallow() returns trigger language plpgsql as $$ begin return null; end $$;
                        create trigger swallow before insert on crm_pipelines for each row execute function swallow()
                        """);
        try {
            clinic.execute("insert into crm_pipelines (name) values ('tragado')");

            assertEquals(ExitCode.FINDINGS, service.pass().exitCode());
            assertEquals(
                    "no-row", clinic.value("select code from _sync_quarantine").orElseThrow());
        } finally {
            lab.cloud().execute("drop function swallow cascade");
        }
        passMakesEqual();
    }

    @Test
    void aFailureThatCannotEvenBeNotedPausesTheWayUp() throws InterruptedException {
        service.close();
        lab.cloud().execute("alter table crm_pipelines add constraint corto check (length(name) < 40)");
        service = ClinicService.continuous(lab, clinic, Duration.ofSeconds(2), TABLES);
        try {
            clinic.execute("alter function sync_refuse rename to sync_refuse_gone");
            lab.gateway().clearLog();
            clinic.execute("insert into crm_pipelines (name) values (repeat('largo', 20))");

            await().pollDelay(Duration.ofSeconds(6)).until(() -> true);

            assertTrue(!writes().isEmpty() && writes().size() < 30, writes()::toString);
            clinic.execute("alter function sync_refuse_gone rename to sync_refuse");
        } finally {
            lab.cloud().execute("alter table crm_pipelines drop constraint corto");
        }
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> Sides.of(lab, clinic).assertEqual(TABLES));
    }

    @Test
    @Rule("2.4")
    void aRowThatAnApplicationHoldsIsConfirmedWhenItLetsGo() throws InterruptedException, SQLException {
        clinic.execute("update branches set phone = 'ocupada' where code = (select min(code) from branches)");
        try (var application = clinic.connect();
                var statement = application.createStatement()) {
            application.setAutoCommit(false);
            statement.execute("select from branches for update");
            await().atMost(Duration.ofSeconds(10)).until(() -> !lab.cloud()
                    .query("select from branches where phone = 'ocupada'")
                    .isEmpty());
            application.rollback();
        }

        passMakesEqual();
    }

    @Test
    @Rule("2.2")
    void stockThatBothSidesBookIsBookedOnce() throws InterruptedException {
        clinic.execute(
                """
                insert into inventory_movements (item_id, kind, quantity)
                select id, 'venta', -3 from inventory_items order by id limit 1
                """);

        passMakesEqual();
    }

    @Test
    @Rule("4.1.3")
    void truncateIsRefusedWithWords() {
        var refusal = org.junit.jupiter.api.Assertions.assertThrows(
                IllegalStateException.class, () -> clinic.execute("truncate crm_leads"));

        assertTrue(refusal.getMessage().contains("TRUNCATE of crm_leads is refused"), refusal::getMessage);
    }

    @Test
    @Rule("4.1.2")
    void aChangedKeyIsADeleteAndAnInsert() throws InterruptedException {
        clinic.execute(
                "update crm_leads set id = '00000000-0000-0000-0000-0000000000f6' where id = (select id from crm_leads order by id limit 1)");

        passMakesEqual();
    }
}
