package com.centrovision.sync.runtime;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.centrovision.sync.config.CloudMode;
import com.centrovision.sync.demo.Fault;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.testing.CapturedLog;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.CloudFile;
import com.centrovision.sync.testing.Rule;
import com.centrovision.sync.testing.SharedLab;
import com.centrovision.sync.testing.Sides;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Protocol 5: the line or a database goes away and comes back; the running service goes on by itself. */
class OutageIT {
    private static final String[] TABLES = {"crm_pipelines", "crm_leads"};
    private static final String[] MORE_TABLES = {
        "crm_pipelines", "crm_pipeline_stages", "crm_leads", "inventory_categories", "service_categories", "rooms"
    };

    private final Lab lab = SharedLab.get();
    private LabDatabase clinic;
    private ClinicService service;

    @BeforeAll
    static void runTheFile() {
        CloudFile.install(SharedLab.get());
    }

    @AfterAll
    static void leaveTheCloudAsItWas() {
        CloudFile.restore(SharedLab.get());
    }

    @BeforeEach
    void onePipeline() {
        lab.resetCloud();
        clinic = lab.newClinic();
        lab.cloud().execute("insert into crm_pipelines (name) values ('uno')");
    }

    private void start(CloudMode way, String... tables) {
        service = ClinicService.continuous(lab, clinic, way, tables);
        await().until(() -> clinic.count("_sync_metadata where loaded_at is not null") == tables.length);
        await().until(() ->
                clinic.count("_sync_metadata where fed_alone") == (way == CloudMode.ASSISTED ? tables.length : 0));
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

    @ParameterizedTest
    @EnumSource(names = {"REST", "ASSISTED"})
    @Rule("5.1")
    void afterAStartWithoutALineAllIsLearntThoughOtherCallsFindItFirst(CloudMode way) {
        lab.gateway().fault(Fault.refuse());
        service = ClinicService.continuous(lab, clinic, way, TABLES);
        askForAFullPass();
        lab.gateway().heal();

        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(300))
                .untilAsserted(() -> {
                    askForAFullPass();
                    assertEquals(TABLES.length, clinic.count("_sync_metadata where loaded_at is not null"));
                });
        Sides.of(lab, clinic).assertEqual(TABLES);
    }

    private void askForAFullPass() {
        clinic.execute("insert into _sync_request (kind) select 'full-pass' "
                + "where not exists (select from _sync_request where done_at is null)");
    }

    @Test
    void survivesARestartOfTheClinicsDatabase() {
        start(CloudMode.ASSISTED, TABLES);
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

    @ParameterizedTest
    @EnumSource(names = {"REST", "ASSISTED"})
    @Rule({"5.1", "5.2"})
    void aCloudThatAcceptsAndNeverAnswersIsOneChangeInTheLog(CloudMode way) throws IOException, InterruptedException {
        start(way, MORE_TABLES);
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

    @ParameterizedTest
    @EnumSource(names = {"REST", "ASSISTED"})
    @Rule({"1.1", "5.2"})
    void whatIsUnderWayWhenTheLineDiesIsNeitherLostNorDoneTwice(CloudMode way) {
        start(way, TABLES);
        lab.cloud().execute("insert into crm_leads (name, updated_at) values ('a medias', now())");
        var isAssisted = way == CloudMode.ASSISTED;
        lab.gateway()
                .fault((isAssisted
                                ? Fault.holdAnswer().matching("POST", "sync_push")
                                : Fault.holdAnswer().matching("PATCH", "crm_pipelines"))
                        .times(1));
        lab.gateway()
                .fault((isAssisted
                                ? Fault.holdAnswer().matching("POST", "sync_pull")
                                : Fault.holdAnswer().matching("GET", "crm_leads\\?select=\\*"))
                        .times(1));
        clinic.execute("update crm_pipelines set name = 'a medias'");
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
        assertEquals(
                "a medias, corregida",
                lab.cloud().value("select name from crm_pipelines").orElseThrow());
        assertEquals(0, clinic.count("_conflicts"));
        assertEquals(List.of(), clinic.query("select from _sync_pending where retry_count > 0"));
    }

    @Test
    @Rule("5.5")
    void whatWasPutOffUnderAWrongClockDoesNotWaitForThatTime() {
        start(CloudMode.REST, TABLES);
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
        start(CloudMode.REST, TABLES);
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

    @ParameterizedTest
    @EnumSource(names = {"REST", "ASSISTED"})
    @Rule("4.5.3")
    void aRefusedKeyStopsBothDirectionsUntilItIsTaken(CloudMode way) {
        start(way, TABLES);
        lab.gateway().fault(Fault.unauthorized());
        await().atMost(Duration.ofSeconds(20)).until(() -> !service.isOpen());
        clinic.execute("insert into crm_pipelines (name) values ('espera')");
        assertEquals("supabase", service.state().mode());
        assertEquals("unauthorized", service.state().reason());

        lab.gateway().heal();

        await().atMost(Duration.ofSeconds(20)).until(() -> lab.cloud().count("crm_pipelines") == 2);
    }
}
