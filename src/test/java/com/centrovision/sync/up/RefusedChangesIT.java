package com.centrovision.sync.up;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.Rule;
import com.centrovision.sync.testing.SharedLab;
import com.centrovision.sync.testing.Sides;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Protocol 4.5: what the cloud refuses waits in the quarantine with a reason, and what refers to it waits with it. */
class RefusedChangesIT {
    private static final String PATIENT = "00000000-0000-0000-0000-0000000000d1";
    private static final String REFUSED_PATIENT =
            "insert into patients (id, first_name, last_name) values ('" + PATIENT + "', 'Malo', 'Núñez');";
    private static final String ITS_VISIT =
            """
            insert into appointments (id, patient_id, starts_at) values ('%1$s', '%1$s', '2026-05-01 09:00-06');
            insert into encounters (id, patient_id, appointment_id) values ('%1$s', '%1$s', '%1$s');
            """
                    .formatted(PATIENT);

    private static final String[] TABLES = {
        "patients", "appointments", "encounters", "crm_pipelines", "crm_pipeline_stages", "crm_leads"
    };

    private final Lab lab = SharedLab.get();
    private LabDatabase clinic;
    private ClinicService service;

    @BeforeEach
    void aCloudThatRefusesAName() throws InterruptedException {
        lab.resetCloud();
        clinic = lab.newClinic();
        lab.cloud().execute("alter table patients add constraint no_malo check (first_name <> 'Malo')");
        clinic.execute("alter table crm_pipeline_stages add column place text");
        service = ClinicService.onDemand(lab, clinic, TABLES);
        assertEquals(ExitCode.OK, service.pass().exitCode());
        lab.gateway().clearLog();
    }

    @AfterEach
    void stop() {
        service.close();
        lab.cloud()
                .execute(
                        """
                        alter table patients drop constraint if exists no_malo;
                        drop function if exists refuse cascade;
                        grant all on crm_pipelines to service_role
                        """);
    }

    private void passMakesEqual() throws InterruptedException {
        var result = service.pass();
        assertEquals(ExitCode.OK, result.exitCode(), result::toString);
        Sides.of(lab, clinic).assertEqual();
        assertEquals(0, clinic.count("_conflicts"));
        assertEquals(0, clinic.count("_sync_quarantine"));
    }

    private List<Object> quarantined() {
        return clinic.query("select table_name || ' ' || code as found from _sync_quarantine order by 1").stream()
                .map(row -> row.get("found"))
                .toList();
    }

    private List<Object> waiting() {
        return clinic
                .query(
                        """
                        select table_name || ' ' || retry_count || ' ' || error as found from _sync_pending
                        where not synced and table_name <> 'patients'
                        order by 1
                        """)
                .stream()
                .map(row -> row.get("found"))
                .toList();
    }

    @Test
    @Rule("4.5.5")
    void rowsThatReferToARefusedRowWaitForItWithoutARequest() throws InterruptedException {
        clinic.execute(REFUSED_PATIENT);
        service.pass();
        lab.gateway().clearLog();
        clinic.execute("insert into patients (first_name, last_name) values ('Buena', 'Núñez');" + ITS_VISIT);

        var result = service.pass();

        assertEquals(3, result.pending(), result::toString);
        assertEquals(List.of("patients 23514"), quarantined());
        assertEquals(
                List.of(
                        "appointments 0 waits for patients " + PATIENT + ", which the cloud does not take",
                        "encounters 0 waits for patients " + PATIENT + ", which the cloud does not take"),
                waiting().stream()
                        .map(row -> row.toString().replace("for appointments", "for patients"))
                        .toList());
        assertEquals(0, lab.gateway().count("POST", "/rest/v1/appointments"));
        assertEquals(0, lab.gateway().count("POST", "/rest/v1/encounters"));
        assertEquals(1, lab.cloud().count("patients"));

        clinic.execute("update patients set first_name = 'Bueno' where first_name = 'Malo'");
        passMakesEqual();
    }

    @Test
    @Rule("4.5.5")
    void waitingRowsFollowByThemselvesWhenTheObstacleIsGone() throws InterruptedException {
        clinic.execute(REFUSED_PATIENT + ITS_VISIT);
        service.pass();
        assertEquals(List.of("patients 23514"), quarantined());

        lab.cloud().execute("alter table patients drop constraint no_malo");

        await().untilAsserted(() -> assertEquals(1, lab.cloud().count("encounters")));
        passMakesEqual();
    }

    @Test
    void aWaitingRowThatLetsGoOfTheRefusedRowIsSent() throws InterruptedException {
        clinic.execute(REFUSED_PATIENT);
        service.pass();
        clinic.execute("insert into crm_leads (name, patient_id) values ('espera', '" + PATIENT + "')");
        await().until(() -> waiting().toString().contains("waits for"));

        clinic.execute("update crm_leads set patient_id = null");

        await().untilAsserted(() -> assertEquals(1, lab.cloud().count("crm_leads")));
        clinic.execute("delete from patients");
        passMakesEqual();
    }

    @Test
    void aWaitingRowThatIsDeletedWaitsNoMore() throws InterruptedException {
        clinic.execute(REFUSED_PATIENT + ITS_VISIT);
        service.pass();

        clinic.execute("delete from encounters; delete from appointments");

        assertEquals(1, service.pass().pending());
        assertEquals(List.of("patients 23514"), quarantined());
    }

    @Test
    @Rule({"4.5.5", "1.5"})
    void rowsThatReferToARowWhoseUpdateIsRefusedDoNotWait() throws InterruptedException {
        clinic.execute("insert into patients (id, first_name, last_name) values ('" + PATIENT + "', 'Bueno', 'Núñez')");
        passMakesEqual();
        clinic.execute("update patients set first_name = 'Malo'");
        service.pass();
        assertEquals(List.of("patients 23514"), quarantined());

        clinic.execute(ITS_VISIT);
        service.pass();

        assertEquals(1, lab.cloud().count("encounters"));
    }

    @Test
    @Rule("4.5.4")
    void aNewerEditOfAQuarantinedRowIsTriedAtOnce() throws InterruptedException {
        clinic.execute(REFUSED_PATIENT);
        service.pass();
        clinic.execute("update _sync_pending set next_attempt_at = now() + interval '1 hour' where not synced");

        clinic.execute("update patients set first_name = 'Bueno'");

        await().untilAsserted(() -> assertEquals(1, lab.cloud().count("patients")));
        passMakesEqual();
    }

    @Test
    @Rule("4.5.4")
    void aRequestedPassTriesAQuarantinedRowAtOnce() throws InterruptedException {
        clinic.execute(REFUSED_PATIENT);
        service.pass();
        clinic.execute("update _sync_pending set next_attempt_at = now() + interval '1 hour' where not synced");
        lab.cloud().execute("alter table patients drop constraint no_malo");

        passMakesEqual();
    }

    @Test
    @Rule("4.5.4")
    void attemptsComeLaterAndLaterButWithinAnHour() {
        service.close();
        clinic.execute(REFUSED_PATIENT);

        var waits = new ArrayList<Double>();
        for (int attempt = 0; attempt < 20; attempt++) {
            clinic.query("select sync_refuse('patients', '" + PATIENT + "', '23514', 3, 5)");
            waits.add((Double) clinic.value(
                            "select extract(epoch from next_attempt_at - clock_timestamp())::float8 from _sync_pending")
                    .orElseThrow());
        }

        assertTrue(waits.get(0) < 7 && waits.get(4) > 40 && waits.get(19) > 2500, waits::toString);
        assertTrue(waits.stream().allMatch(wait -> wait <= 3600), waits::toString);
        assertEquals(
                20,
                clinic.value("select attempts from _sync_quarantine where next_attempt_at is not null")
                        .orElseThrow());
    }

    @Test
    @Rule({"1.5", "4.5.4"})
    void oneRowThatTheDatabaseCannotFinishStopsOnlyItself() throws InterruptedException {
        refuseInserts("crm_pipelines", "new.name = 'pesado'", "57014");
        clinic.execute(
                """
                insert into crm_pipelines (name) values ('antes'), ('pesado'), ('después');
                insert into crm_leads (name) values ('sigue')
                """);

        assertEquals(1, service.pass().pending());

        assertEquals(List.of("crm_pipelines 57014"), quarantined());
        assertEquals(2, lab.cloud().count("crm_pipelines"));
        assertEquals(1, lab.cloud().count("crm_leads"));
        assertTrue(service.isOpen());
    }

    @Test
    @Rule("4.5.3")
    void aMissingRightStopsItsTableAlone() throws InterruptedException {
        lab.cloud().execute("revoke insert on crm_pipelines from service_role");
        clinic.execute(
                """
                insert into crm_pipelines (name) values ('espera'), ('también');
                insert into crm_leads (name) values ('sigue')
                """);

        assertEquals(2, service.pass().pending());

        assertEquals(List.of("crm_pipelines 42501", "crm_pipelines 42501"), quarantined());
        assertEquals(1, lab.cloud().count("crm_leads"));
        assertTrue(service.isOpen());

        lab.cloud().execute("grant insert on crm_pipelines to service_role");
        passMakesEqual();
    }

    @Test
    @Rule("3.2.8")
    void aRequiredColumnThatOnlyTheClinicHasIsNamed() throws InterruptedException {
        clinic.execute("alter table crm_pipeline_stages alter column place set not null");
        lab.cloud()
                .execute(
                        """
                        with pipeline as (insert into crm_pipelines (name) values ('de la nube') returning id)
                        insert into crm_pipeline_stages (pipeline_id, name, position) select id, 'una', 1 from pipeline
                        """);

        service.pass();

        assertEquals(List.of("crm_pipeline_stages 23502"), quarantined());
        assertEquals(
                "a column that only the clinic's table has is required, and the cloud has no value for it: give the"
                        + " column a default, or let it be empty (column place)",
                clinic.value("select reason from _sync_quarantine").orElseThrow());
    }

    @Test
    void everyCommonCodeHasAReasonOfItsOwn() {
        var reasons = clinic.query(
                """
                select sync_reason(code, null, null) as reason
                from unnest('{23502,23503,23505,23514,23P01,22001,42501,42P01,42703,57014,P0001,PGRST102,PGRST204,
                  PGRST205,HTTP413,too-large,no-row}'::text[]) code
                group by 1
                """);

        assertEquals(17, reasons.size(), reasons::toString);
        assertTrue(reasons.stream().noneMatch(row -> row.toString().contains("look the code up")), reasons::toString);
    }

    private void refuseInserts(String table, String condition, String state) {
        lab.cloud()
                .execute(
                        """
                        create function refuse() returns trigger language plpgsql as
                          $$ begin
                            if %2$s then raise exception using errcode = '%3$s'; end if;
                            return new;
                          end $$;
                        create trigger refuse before insert on %1$s for each row execute function refuse()
                        """
                                .formatted(table, condition, state));
    }
}
