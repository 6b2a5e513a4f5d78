package com.centrovision.sync.runtime;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.centrovision.sync.demo.Fault;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.testing.CapturedLog;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.Rule;
import com.centrovision.sync.testing.SharedLab;
import com.centrovision.sync.testing.Sides;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Protocol 5: the line or a database goes away and comes back; the running service goes on by itself. */
class OutageIT {
    private static final String[] TABLES = {"crm_pipelines", "crm_leads"};
    private static final String[] MORE_TABLES = {
        "crm_pipelines", "crm_pipeline_stages", "crm_leads", "inventory_categories", "service_categories", "rooms"
    };

    private final Lab lab = SharedLab.get();
    private LabDatabase clinic;
    private ClinicService service;

    @BeforeEach
    void runningService() {
        lab.resetCloud();
        clinic = lab.newClinic();
        lab.cloud().execute("insert into crm_pipelines (name) values ('uno')");
        service = ClinicService.continuous(lab, clinic, TABLES);
        await().atMost(Duration.ofSeconds(20)).until(() -> clinic.count("crm_pipelines") == 1);
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private void bothDirectionsRun() {
        clinic.execute("insert into crm_pipelines (name) values ('de la clínica')");
        lab.cloud().execute("insert into crm_pipelines (name) values ('de la nube')");
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertEquals(3, clinic.count("crm_pipelines"));
            Sides.of(lab, clinic).assertEqual("crm_pipelines");
        });
    }

    @Test
    void survivesARestartOfTheClinicsDatabase() {
        lab.stopClinic();
        await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
        lab.startClinic();

        bothDirectionsRun();
    }

    private static void postgrest(String signal) throws IOException, InterruptedException {
        var process = ProcessHandle.current()
                .descendants()
                .filter(child -> child.info().command().orElse("").contains("postgrest"))
                .findFirst()
                .orElseThrow();
        var kill = new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).start();
        assertEquals(0, kill.waitFor());
    }

    @Test
    @Rule({"5.1", "5.2"})
    void aCloudThatAcceptsAndNeverAnswersIsOneChangeInTheLog() throws IOException, InterruptedException {
        service.close();
        service = ClinicService.continuous(lab, clinic, MORE_TABLES);
        await().until(() -> clinic.query("select from _sync_metadata where active and loaded_at is null")
                .isEmpty());
        try (var log = CapturedLog.open()) {
            postgrest("STOP");
            try {
                await().atMost(Duration.ofSeconds(30)).until(() -> !service.isOpen());
                clinic.execute("insert into crm_leads (name) select 'espera ' || i from generate_series(1, 30) i");
                await().pollDelay(Duration.ofSeconds(7)).until(() -> true);
                assertEquals(List.of("connection changed mode=local reason=timeout before=ok"), log.lines());
            } finally {
                postgrest("CONT");
            }
            bothDirectionsRun();
            assertEquals(
                    1,
                    log.lines().stream()
                            .filter(line -> line.contains("reason=ok"))
                            .count(),
                    log.lines()::toString);
        }
    }

    @Test
    @Rule({"1.1", "5.2"})
    void whatIsUnderWayWhenTheLineDiesIsNeitherLostNorDoneTwice() {
        lab.gateway().fault(Fault.holdAnswer().matching("POST", "crm_pipelines").times(1));
        lab.gateway()
                .fault(Fault.holdAnswer()
                        .matching("GET", "crm_leads\\?select=\\*")
                        .times(1));
        clinic.execute("insert into crm_pipelines (name) values ('a medias')");
        lab.cloud().execute("insert into crm_leads (name, updated_at) values ('a medias', now())");
        await().until(() -> lab.gateway().held() == 2);

        lab.gateway().fault(Fault.refuse());
        await().until(() -> !service.isOpen());
        clinic.execute("update crm_pipelines set name = 'a medias, corregida' where name = 'a medias'");
        lab.gateway().heal();

        await().untilAsserted(() -> {
            assertEquals(List.of(), clinic.query("select from _sync_pending where not synced"));
            assertEquals(1, clinic.count("crm_leads"));
        });
        for (var table : TABLES) {
            Sides.of(lab, clinic).assertEqual(table);
        }
        assertEquals(2, lab.cloud().count("crm_pipelines"));
        assertEquals(0, clinic.count("_conflicts"));
        assertEquals(List.of(), clinic.query("select from _sync_pending where retry_count > 0"));
    }

    @Test
    @Rule("5.5")
    void whatWasPutOffUnderAWrongClockDoesNotWaitForThatTime() {
        clinic.execute(
                """
                insert into crm_pipelines (name) values ('reloj');
                update _sync_pending set retry_count = 1, next_attempt_at = now() + interval '1 year';
                """);

        await().until(() -> lab.cloud().count("crm_pipelines") == 2);
    }

    @Test
    @Rule("5.6")
    void aSlowAnswerIsReadToItsEndAndSaysSo() {
        lab.cloud()
                .execute(
                        """
                        insert into crm_leads (name, updated_at, answers)
                        select 'lento ' || i, now(), jsonb_build_object('t', (select string_agg(md5(i::text || j), '') from generate_series(1, 8) j))
                        from generate_series(1, 40) i
                        """);
        lab.gateway().fault(Fault.slowLine(800));

        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertEquals("slow", service.state().reason()));
        assertEquals("supabase", service.state().mode());

        await().atMost(Duration.ofSeconds(90)).until(() -> clinic.count("crm_leads") == 40);
        lab.gateway().heal();
        Sides.of(lab, clinic).assertEqual("crm_leads");
    }

    @Test
    @Rule("4.5.3")
    void aRefusedKeyStopsBothDirectionsUntilItIsTaken() {
        lab.gateway().fault(Fault.unauthorized());
        await().atMost(Duration.ofSeconds(20)).until(() -> !service.isOpen());
        clinic.execute("insert into crm_pipelines (name) values ('espera')");
        assertEquals("supabase", service.state().mode());
        assertEquals("unauthorized", service.state().reason());

        lab.gateway().heal();

        await().atMost(Duration.ofSeconds(20)).until(() -> lab.cloud().count("crm_pipelines") == 2);
    }
}
