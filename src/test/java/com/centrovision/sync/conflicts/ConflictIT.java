package com.centrovision.sync.conflicts;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.demo.Fault;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.Rule;
import com.centrovision.sync.testing.SharedLab;
import com.centrovision.sync.testing.Sides;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Protocol 4.4: both sides changed a row; the later one wins and both versions are kept. */
class ConflictIT {
    private static final String ROW = "00000000-0000-0000-0000-0000000000c1";

    private static final String[] TABLES = {"patients", "appointments", "invoices", "crm_leads"};

    private final Lab lab = SharedLab.get();
    private LabDatabase clinic;
    private ClinicService service;

    @BeforeEach
    void oneCommonRow() throws InterruptedException {
        lab.resetCloud();
        clinic = lab.newClinic();
        lab.cloud()
                .execute("insert into crm_leads (id, name, phone, source, updated_at) values ('" + ROW
                        + "', 'base', '1', 'web', now() - interval '1 day')");
        service = ClinicService.onDemand(lab, clinic, TABLES);
        assertEquals(ExitCode.OK, service.pass().exitCode());
        service.close();
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private void lineReturns() throws InterruptedException {
        lineReturnsWith();
        Sides.of(lab, clinic).assertEqual();
    }

    /** A service of its own for what comes now: its first request meets these faults already. */
    private void lineReturnsWith(Fault... faults) throws InterruptedException {
        service.close();
        lab.gateway().heal();
        for (var fault : faults) {
            lab.gateway().fault(fault);
        }
        service = ClinicService.onDemand(lab, clinic, TABLES);
        passUntilEqual();
    }

    private void passUntilEqual() throws InterruptedException {
        await().atMost(Duration.ofSeconds(30)).until(service::isOpen);
        for (int pass = 0; pass < 5 && service.pass().exitCode() != ExitCode.OK; pass++) {
            await().atMost(Duration.ofSeconds(30)).until(service::isOpen);
        }
    }

    private List<Map<String, Object>> conflicts() {
        return clinic.query(
                """
                select kind, winner, base ->> 'name' as base, local_data ->> 'name' as local,
                  remote_data ->> 'name' as remote, resolved_at is not null as resolved
                from _conflicts
                order by id
                """);
    }

    private static Map<String, Object> conflict(String kind, String winner, Object base, Object local, Object remote) {
        var conflict = new HashMap<String, Object>();
        conflict.put("kind", kind);
        conflict.put("winner", winner);
        conflict.put("base", base);
        conflict.put("local", local);
        conflict.put("remote", remote);
        conflict.put("resolved", true);
        return conflict;
    }

    private Object name() {
        return lab.cloud()
                .value("select name from crm_leads where id = '" + ROW + "'")
                .orElse("gone");
    }

    @Test
    @Rule({"4.4.2", "1.4"})
    void theClinicsLaterEditWins() throws InterruptedException {
        lab.cloud().execute("update crm_leads set name = 'nube', phone = '2'");
        clinic.execute("update crm_leads set name = 'clínica'");

        lineReturns();

        assertEquals(List.of(conflict("update_update", "local", "base", "clínica", "nube")), conflicts());
        assertEquals("clínica", name());
    }

    @Test
    @Rule({"4.4.2", "1.4"})
    void theCloudsLaterEditWins() throws InterruptedException {
        clinic.execute("update crm_leads set name = 'clínica'");
        lab.cloud().execute("update crm_leads set name = 'nube'");

        lineReturns();

        assertEquals(List.of(conflict("update_update", "remote", "base", "clínica", "nube")), conflicts());
        assertEquals("nube", name());
    }

    @Test
    @Rule("4.4.1")
    void theSameEditOnBothSidesIsNoConflict() throws InterruptedException {
        clinic.execute("update crm_leads set name = 'igual'");
        lab.cloud().execute("update crm_leads set name = 'igual', phone = '3'");

        lineReturns();

        assertEquals(List.of(), conflicts());
    }

    @Test
    @Rule("4.4.4")
    void aRowThatTheCloudDeletedAndTheClinicEditedIsInsertedAgain() throws InterruptedException {
        clinic.execute("update crm_leads set name = 'clínica'");
        lab.cloud().execute("delete from crm_leads");

        lineReturns();

        assertEquals(List.of(conflict("update_delete", "local", "base", "clínica", null)), conflicts());
        assertEquals("clínica", name());
    }

    @Test
    @Rule("4.4.4")
    void aRowThatTheClinicDeletedAndTheCloudEditedLaterComesBack() throws InterruptedException {
        clinic.execute("delete from crm_leads");
        lab.cloud().execute("update crm_leads set name = 'nube'");

        lineReturns();

        assertEquals(List.of(conflict("delete_update", "remote", "base", null, "nube")), conflicts());
        assertEquals("nube", name());
    }

    @Test
    @Rule("4.4.4")
    void aRowThatTheCloudEditedAndTheClinicDeletedLaterIsDeleted() throws InterruptedException {
        lab.cloud().execute("update crm_leads set name = 'nube'");
        clinic.execute("delete from crm_leads");

        lineReturns();

        assertEquals(List.of(conflict("delete_update", "local", "base", null, "nube")), conflicts());
        assertEquals("gone", name());
    }

    @Test
    void aRowThatBothSidesDeletedIsNoConflict() throws InterruptedException {
        lab.cloud().execute("delete from crm_leads");
        clinic.execute("delete from crm_leads");

        lineReturns();

        assertEquals(List.of(), conflicts());
    }

    @Test
    @Rule("4.2.7")
    void anEditThatMovesNoStampIsSeenAllTheSame() throws InterruptedException {
        lab.cloud()
                .execute(
                        """
                        set session_replication_role = replica;
                        update crm_leads set name = 'nube';
                        set session_replication_role = default
                        """);
        clinic.execute("update crm_leads set phone = '9'");

        lineReturns();

        assertEquals(List.of(conflict("update_update", "local", "base", "base", "nube")), conflicts());
    }

    @Test
    @Rule({"1.4", "4.3.2"})
    void theLoserOfAConflictIsKeptWhenTheAnswersAreLost() throws InterruptedException {
        lab.cloud().execute("update crm_leads set name = 'nube'");
        clinic.execute("update crm_leads set name = 'clínica'");

        lineReturnsWith(
                Fault.loseAnswer().matching("PATCH", "").times(2),
                Fault.loseAnswer().matching("POST", "/rpc/sync_push").times(2));

        Sides.of(lab, clinic).assertEqual();
        assertEquals(List.of(conflict("update_update", "local", "base", "clínica", "nube")), conflicts());
    }

    /** Both edit the row; their stamps are as far from an hour ago as said. */
    private void editBoth(Duration inTheClinic, Duration inTheCloud) {
        var stamp = Instant.now().truncatedTo(ChronoUnit.MICROS).minus(Duration.ofHours(1));
        clinic.execute("alter table crm_leads disable trigger set_updated_at; update crm_leads set name = 'clínica', "
                + "updated_at = '" + stamp.plus(inTheClinic) + "'");
        lab.cloud()
                .execute("set session_replication_role = replica; update crm_leads set name = 'nube', updated_at = '"
                        + stamp.plus(inTheCloud) + "'");
    }

    @Test
    @Rule("4.4.2")
    void aTieGoesToTheCloud() throws InterruptedException {
        editBoth(Duration.ZERO, Duration.ZERO);

        lineReturns();

        assertEquals(List.of(conflict("update_update", "remote", "base", "clínica", "nube")), conflicts());
    }

    @Test
    void aMicrosecondDecides() throws InterruptedException {
        editBoth(Duration.ofNanos(1000), Duration.ZERO);

        lineReturns();

        assertEquals(List.of(conflict("update_update", "local", "base", "clínica", "nube")), conflicts());
    }

    @Test
    @Rule("4.4.2")
    void aClinicWhoseClockIsBehindIsNotTheEarlierOneForThat() throws InterruptedException {
        editBoth(Duration.ofMinutes(-30), Duration.ZERO);

        lineReturnsWith(Fault.dateOffset(Duration.ofHours(1)));

        assertEquals(List.of(conflict("update_update", "local", "base", "clínica", "nube")), conflicts());
        assertEquals(3600.0, skewSeconds(), 30);
        Sides.of(lab, clinic).assertEqual();
    }

    @Test
    @Rule("4.4.2")
    void aClinicWhoseClockIsAheadIsNotTheLaterOneForThat() throws InterruptedException {
        editBoth(Duration.ZERO, Duration.ofMinutes(-30));

        lineReturnsWith(Fault.dateOffset(Duration.ofHours(-1)));

        assertEquals(List.of(conflict("update_update", "remote", "base", "clínica", "nube")), conflicts());
        assertEquals(-3600.0, skewSeconds(), 30);
        Sides.of(lab, clinic).assertEqual();
    }

    @Test
    @Rule("4.4.2")
    void whatTheMeasureCannotTellApartCorrectsNothing() throws InterruptedException {
        editBoth(Duration.ofMillis(-100), Duration.ZERO);

        lineReturnsWith(Fault.dateOffset(Duration.ofSeconds(1)));

        assertEquals(List.of(conflict("update_update", "remote", "base", "clínica", "nube")), conflicts());
        assertTrue(skewSeconds() > 0.1 && skewSeconds() <= 2, () -> "skew " + skewSeconds());
    }

    private double skewSeconds() {
        return (Long) clinic.value("select skew_ms from _conflicts").orElseThrow() / 1000.0;
    }

    /**
     * The clinic won and its edit is under way; at that moment the cloud's row moves once more: its transaction holds the
     * row, so that the request waits for it.
     */
    private void cloudMovesWhileTheEditIsSent(Runnable clinicEdits, boolean afterThat) throws Exception {
        lab.cloud().execute("update crm_leads set name = 'nube'");
        try (var other = lab.cloud().connect();
                var statement = other.createStatement()) {
            other.setAutoCommit(false);
            if (afterThat) {
                clinicEdits.run();
            }
            statement.execute("update crm_leads set name = 'nube 2'");
            if (!afterThat) {
                clinicEdits.run();
            }
            service = ClinicService.onDemand(lab, clinic, TABLES);
            await().until(() -> !lab.cloud()
                    .query(
                            """
                            select from pg_stat_activity
                            where datname = current_database() and wait_event_type = 'Lock'
                              and query ilike any ('{%update%,%sync_push%}')
                            """)
                    .isEmpty());
            other.commit();
        }
        passUntilEqual();
        Sides.of(lab, clinic).assertEqual();
    }

    @Test
    @Rule("4.4.5")
    void theClinicsEditWinsAgainWhenTheCloudMovedWhileItWasSent() throws Exception {
        cloudMovesWhileTheEditIsSent(() -> clinic.execute("update crm_leads set name = 'clínica'"), false);

        assertEquals(
                List.of(
                        conflict("update_update", "local", "base", "clínica", "nube"),
                        conflict("update_update", "local", "nube", "clínica", "nube 2")),
                conflicts());
        assertEquals("clínica", name());
    }

    @Test
    @Rule("4.4.5")
    void theCloudsEditWinsWhenItCameAfterTheClinicsThatWasBeingSent() throws Exception {
        cloudMovesWhileTheEditIsSent(() -> clinic.execute("update crm_leads set name = 'clínica'"), true);

        assertEquals(
                List.of(
                        conflict("update_update", "local", "base", "clínica", "nube"),
                        conflict("update_update", "remote", "nube", "clínica", "nube 2")),
                conflicts());
        assertEquals("nube 2", name());
    }

    @Test
    @Rule({"1.4", "4.4.3"})
    void theCloudsLoserIsKeptBeforeItIsOverwritten() throws InterruptedException {
        lab.cloud().execute("update crm_leads set name = 'nube'");
        clinic.execute("update crm_leads set name = 'clínica'");
        lab.gateway().fault(Fault.status(503).matching("PATCH", ""));
        // The first one tells that the row is another.
        lab.gateway().fault(Fault.status(503).after(1).matching("POST", "/rpc/sync_push"));
        lab.gateway().clearLog();
        service = ClinicService.onDemand(lab, clinic, TABLES);

        await().until(() -> lab.gateway().count("PATCH", "/rest/v1/crm_leads") > 0
                || lab.gateway().count("POST", "/rest/v1/rpc/sync_push") > 1);

        assertEquals(List.of(conflict("update_update", "local", "base", "clínica", "nube")), conflicts());
        assertEquals("nube", name());
        lineReturns();
        assertEquals("clínica", name());
    }

    @Test
    @Rule({"1.4", "4.4.3"})
    void theClinicsLoserIsKeptBeforeItIsOverwritten() throws InterruptedException {
        clinic.execute(
                """
                create table seen (kept bigint);
                create function look() returns trigger language plpgsql as $$
                  begin
                    insert into seen select count(*) from _conflicts where local_data ->> 'name' = old.name;
                    return null;
                  end $$;
                create trigger look after update on crm_leads for each row execute function look();
                alter table crm_leads enable replica trigger look;
                update crm_leads set name = 'clínica'
                """);
        lab.cloud().execute("update crm_leads set name = 'nube'");

        lineReturns();

        assertEquals(1L, clinic.value("select min(kept) from seen").orElseThrow());
        assertEquals("nube", name());
    }

    @Test
    @Rule("4.4.1")
    void whatTheCloudFilledInIsNoConflictWhenTheAnswerWasLost() throws InterruptedException {
        clinic.execute("alter table appointments alter column ticket_number restart with 900");
        clinic.execute(
                """
                insert into patients (id, first_name, last_name)
                values ('00000000-0000-0000-0000-0000000000c2', 'María', 'Núñez');
                insert into appointments (patient_id, starts_at)
                values ('00000000-0000-0000-0000-0000000000c2', '2026-05-01 09:00-06');
                insert into invoices (patient_id, total) values ('00000000-0000-0000-0000-0000000000c2', 700)
                """);
        lab.gateway().clearLog();

        lineReturnsWith(
                Fault.loseAnswer().matching("POST", "/invoices").times(1),
                Fault.loseAnswer().matching("POST", "/appointments").times(1));

        Sides.of(lab, clinic).assertEqual();
        assertEquals(List.of(), conflicts());
        assertEquals(2, posts("/invoices"));
        assertEquals(2, posts("/appointments"));
        assertEquals(
                "000-001-01-",
                clinic.value("select left(invoice_number, 11) from invoices").orElseThrow());
    }

    private long posts(String path) {
        return lab.gateway().requests().stream()
                .filter(request ->
                        request.method().equals("POST") && request.path().contains(path))
                .count();
    }

    @Test
    @Rule("4.4.1")
    void whatEachSideComputesForItselfIsNoConflict() throws InterruptedException {
        lab.cloud().execute("insert into patients (first_name, last_name) values ('María', 'Núñez')");
        clinic.execute(
                """
                alter table patients drop column full_name;
                alter table patients add column full_name text generated always as (last_name || ', ' || first_name) stored
                """);
        lineReturnsWith();

        clinic.execute("update patients set phone = '9'");
        passUntilEqual();

        assertEquals(List.of(), conflicts());
        assertEquals(
                "Núñez, María 9",
                clinic.value("select full_name || ' ' || phone from patients").orElseThrow());
        assertEquals(
                "María Núñez 9",
                lab.cloud()
                        .value("select full_name || ' ' || phone from patients")
                        .orElseThrow());
    }
}
