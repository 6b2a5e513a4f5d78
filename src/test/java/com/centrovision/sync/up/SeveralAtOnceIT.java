package com.centrovision.sync.up;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.centrovision.sync.config.CloudMode;
import com.centrovision.sync.demo.Fault;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.Rule;
import com.centrovision.sync.testing.SharedLab;
import com.centrovision.sync.testing.Sides;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Protocol 4.2 over plain REST where much is to be sent: several chunks are under way at once, and each keeps its own luck. */
class SeveralAtOnceIT {
    private static final String[] TABLES = {"patients", "appointments"};

    private final Lab lab = SharedLab.get();
    private LabDatabase clinic;
    private ClinicService service;

    @BeforeEach
    void emptySides() throws InterruptedException {
        lab.resetCloud();
        clinic = lab.newClinic();
        lab.cloud()
                .execute(
                        """
                        create table seen (id uuid, operation text);
                        grant insert on seen to service_role;
                        create function see() returns trigger language plpgsql as $$
                        begin
                          if new.notes = 'malo' then
                            raise exception 'no';
                          end if;
                          insert into seen values (new.id, tg_op);
                          return new;
                        end
                        $$;
                        create trigger see after insert or update on patients for each row execute function see();
                        """);
        lab.reloadCloudSchema();
        service = ClinicService.onDemand(lab, clinic, CloudMode.REST, TABLES);
        service.pass();
        lab.gateway().clearLog();
    }

    @AfterEach
    void stop() {
        service.close();
        lab.cloud().execute("drop function see cascade; drop table seen");
        lab.reloadCloudSchema();
    }

    private void insertPatients(int count, String notes) {
        clinic.execute(
                """
                begin;
                insert into patients (first_name, last_name, notes)
                select 'Ana', i::text, %s from generate_series(1, %d) i;
                insert into appointments (patient_id, starts_at) select id, now() from patients where last_name = '7';
                commit
                """
                        .formatted(notes, count));
    }

    private void arrivesAllBut(int refused) {
        await().atMost(Duration.ofSeconds(120)).untilAsserted(() -> {
            assertEquals(refused, clinic.count("_sync_pending where not synced"));
            assertEquals(refused, clinic.count("_sync_quarantine"));
        });
        assertEquals(0, clinic.count("_conflicts"));
    }

    @Test
    @Rule({"4.2.3", "4.2.6", "4.3.2"})
    void chunksOfNewRowsGoAtOnceTheirChildrenAfterThemAndARefusalOrALostAnswerIsOneChunksOwn()
            throws InterruptedException {
        lab.gateway().fault(Fault.holdRequest().matching("POST", "/patients"));
        insertPatients(2500, "case i when 1700 then 'malo' end");
        await().until(() -> lab.gateway().held() == 3);
        assertEquals(0, lab.gateway().count("POST", "/rest/v1/appointments"));
        lab.gateway().heal();
        lab.gateway().fault(Fault.loseAnswer().matching("POST", "/patients").times(1));

        arrivesAllBut(1);

        assertEquals(2499, lab.cloud().count("patients"));
        assertEquals(2499, lab.cloud().count("seen"), "each row is inserted once, though an answer was lost");
        assertEquals(1, lab.cloud().count("appointments"));
        lab.cloud().execute("drop trigger see on patients");
        service.pass();
        Sides.of(lab, clinic).assertEqual(TABLES);
    }

    @Test
    @Rule({"4.2.7", "4.3.1", "4.3.2", "1.5"})
    void chunksOfUpdatesOverlapAndAnOutageInTheMiddleRepeatsNothing() throws InterruptedException {
        insertPatients(400, "null");
        arrivesAllBut(0);
        lab.cloud().execute("truncate seen");
        lab.gateway().fault(Fault.holdRequest().matching("PATCH", "/patients"));
        clinic.execute("update patients set notes = case last_name when '300' then 'malo' else 'dos' end");
        await().until(() -> lab.gateway().held() >= 8);
        clinic.execute("update patients set first_name = 'Eva' where last_name::int <= 50");
        lab.gateway().heal();
        lab.gateway()
                .fault(Fault.loseAnswer()
                        .after(120)
                        .matching("PATCH", "/patients")
                        .times(8));

        arrivesAllBut(1);

        assertEquals(
                399,
                lab.cloud().query("select from patients where notes = 'dos'").size());
        assertEquals(
                List.of(),
                lab.cloud()
                        .query(
                                """
                        select id from patients join seen using (id) where operation = 'UPDATE'
                        group by id, first_name
                        having count(*) > case first_name when 'Eva' then 2 else 1 end
                        """),
                "no change is made twice");
        lab.cloud().execute("drop trigger see on patients");
        service.pass();
        Sides.of(lab, clinic).assertEqual(TABLES);
    }
}
