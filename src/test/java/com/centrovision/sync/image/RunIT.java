package com.centrovision.sync.image;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.demo.Fault;
import com.centrovision.sync.demo.GatewayRequest;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.testing.BothSides;
import com.centrovision.sync.testing.Image;
import com.centrovision.sync.testing.ImageProcess;
import com.centrovision.sync.testing.Rule;
import com.centrovision.sync.testing.SharedLab;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The service as a service manager runs it: started, stopped, killed, doubled, and asked how it is. */
class RunIT {
    private static final int PATIENTS = 4000;

    private final Lab lab = SharedLab.get();
    private LabDatabase clinic;
    private Image image;

    @BeforeEach
    void newClinic() {
        lab.resetCloud();
        clinic = lab.newClinic();
        image = Image.of(lab, clinic);
    }

    @AfterEach
    void close() {
        lab.gateway().heal();
        image.close();
        lab.resetCloud();
    }

    @Test
    void keepsBothSidesEqualAndStopsCleanly() {
        lab.cloud().generate("run", 30);
        var service = start();
        soon().untilAsserted(() -> BothSides.assertEqual(lab, clinic));
        var status = image.start("status", "--watch=1", "--json");
        var log = image.start("logs", "--follow", "--level", "info");
        soon().until(() -> log.out().contains("service started"));

        clinic.execute("update patients set notes = 'en la clínica', updated_at = now()");
        lab.cloud().execute("update branches set city = 'Tela', updated_at = now()");
        soon().untilAsserted(() -> {
            assertEquals(30, lab.cloud().count("patients where notes = 'en la clínica'"));
            BothSides.assertEqual(lab, clinic);
        });

        assertStopsInTime(service);
        assertTrue(image.read("log/sync.log").endsWith("service stopped\n"), image.read("log/sync.log"));
        soon().until(() -> log.out().contains("service stopped")
                && status.out().contains("\"mode\":\"supabase\"")
                && status.out().contains("\"mode\":\"stopped\""));
        for (var watching : List.of(status, log)) {
            var ended = watching.terminate();
            assertEquals(0, ended.exitCode(), ended.err());
            assertEquals("", ended.err());
        }
    }

    @Test
    void watchingEndsWhenNobodyReadsAnyMore() throws Exception {
        image.run("init");
        var watching = new ProcessBuilder(image.launcher().toString(), "status", "--watch=1").start();
        try (var shown = watching.inputReader()) {
            shown.readLine();
        }

        var isOver = watching.waitFor(20, TimeUnit.SECONDS);

        watching.destroy();
        assertTrue(isOver);
    }

    @Test
    void startsWithoutTheCloudAndSyncsWhenItComes() {
        lab.cloud().generate("away", 10);
        lab.gateway().fault(Fault.refuse());
        var service = start();
        soon().until(() -> image.read("log/sync.log").contains("service started"));
        assertTrue(
                image.read("log/sync.log").contains("cloud not ready problem=CV-CLOUD-01 "),
                image.read("log/sync.log"));
        clinic.execute("insert into branches (name, code) values ('Sin internet', 'SIN')");

        lab.gateway().heal();

        soon().untilAsserted(() -> {
            assertEquals(1, lab.cloud().count("branches where code = 'SIN'"));
            BothSides.assertEqual(lab, clinic);
        });
        assertStopsInTime(service);
    }

    @Test
    void stopsInTimeInTheMiddleOfASlowPage() {
        lab.cloud().generatePatients("slow", PATIENTS);
        image.set("sync", "page_rows", "100");
        lab.gateway().fault(Fault.slowLine(10_000).matching("GET", "/patients"));
        var service = start();
        soon().until(() -> clinic.count("patients") > 0);

        assertStopsInTime(service);
    }

    @Test
    void stopsInTimeWhileTheCloudHasNotAnswered() {
        lab.cloud().generate("silent", 30);
        lab.gateway().fault(Fault.delay(Duration.ofMinutes(2)).matching("GET", "id\\.asc"));
        var service = start();
        soon().until(() -> image.read("log/sync.log").contains("service started"));

        assertStopsInTime(service);
    }

    @Test
    void stopsInTimeWhileTheClinicsDatabaseIsDown() {
        var service = start();
        soon().until(() -> image.read("log/sync.log").contains("service started"));
        lab.stopClinic();
        try {
            assertStopsInTime(service);
        } finally {
            lab.startClinic();
        }
    }

    @Test
    void stopsInTimeWhileItStandsBy() {
        start();
        var second = otherStandsBy();

        assertStopsInTime(second);
    }

    @Test
    @Rule("3.1.1")
    void goesOnWithTheFirstLoadAfterBeingKilled() {
        lab.cloud().generatePatients("killed", PATIENTS);
        image.set("sync", "page_rows", "100");
        lab.gateway().fault(Fault.slowLine(100_000).matching("GET", "/patients"));
        var service = start();
        soon().until(() -> clinic.count("patients") >= 300);

        service.kill();
        var loaded = clinic.count("patients");
        assertTrue(loaded < PATIENTS, "killed too late");
        lab.gateway().heal();
        lab.gateway().clearLog();
        start();
        soon().untilAsserted(() -> BothSides.assertEqual(lab, clinic));

        var pages = lab.gateway().requests().stream()
                .map(GatewayRequest::path)
                .filter(path -> path.startsWith("/rest/v1/patients") && path.contains("order=id.asc"))
                .toList();
        assertTrue(pages.stream().allMatch(path -> path.contains("id=gt")), pages::toString);
        assertEquals(0, clinic.count("_sync_pending"));
    }

    @Test
    @Rule("6.1")
    void secondServiceStandsByAndTakesOverWhenTheFirstIsKilled() {
        lab.cloud().generate("two", 10);
        var first = start();
        var second = otherStandsBy();
        soon().untilAsserted(() -> BothSides.assertEqual(lab, clinic));

        first.kill();
        lab.cloud().execute("update patients set notes = 'después', updated_at = now()");
        clinic.execute("update branches set city = 'Tela', updated_at = now()");

        soon().untilAsserted(() -> {
            assertEquals(10, clinic.count("patients where notes = 'después'"));
            assertEquals(3, lab.cloud().count("branches where city = 'Tela'"));
            BothSides.assertEqual(lab, clinic);
        });
        assertStopsInTime(second);
    }

    @Test
    void onceIsDoneByTheRunningService() {
        image.set("sync", "interval_seconds", "3600");
        lab.cloud().generate("before", 10);
        var service = start();
        soon().untilAsserted(() -> BothSides.assertEqual(lab, clinic));
        lab.cloud().execute("update patients set notes = 'después', updated_at = now()");

        var ended = image.run("once");

        assertEquals(0, ended.exitCode(), ended.out() + ended.err());
        assertEquals("The service is running already; it does the pass.\nBoth sides are equal.\n", ended.out());
        BothSides.assertEqual(lab, clinic);
        assertStopsInTime(service);
    }

    @Test
    void statusTellsOfAServiceThatRunsThatStoppedAndThatNeverStarted() throws JsonProcessingException {
        lab.cloud().generate("status", 10);
        var unprepared = image.run("status");
        assertEquals(2, unprepared.exitCode());
        assertTrue(unprepared.err().startsWith("CV-CLINIC-09 "), unprepared.err());
        assertEquals(1, unprepared.errorLines().size(), unprepared.err());

        assertEquals(0, image.run("init").exitCode());
        assertMode("stopped", "never-started");

        var service = start();
        soon().untilAsserted(() -> BothSides.assertEqual(lab, clinic));
        soon().untilAsserted(() -> {
            var running = assertMode("supabase", "ok");
            assertEquals(27, running.path("tables").size());
            var patients =
                    running.path("tables").findValues("name").indexOf(new ObjectMapper().readTree("\"patients\""));
            assertEquals(
                    10, running.path("tables").path(patients).path("rows_down").asInt(), running::toPrettyString);
            assertEquals(0, running.path("pending").asInt());
            assertTrue(running.path("last_pass").asText().matches("\\d{4}-.*Z"), running::toPrettyString);
        });
        var text = image.run("status");
        assertTrue(text.out().startsWith("Cloud (all is well), since "), text.out());
        assertEquals(31, text.out().lines().count(), text.out());

        assertStopsInTime(service);
        assertMode("stopped", "stopped");
    }

    @Test
    void statusSeesThatAKilledServiceGivesNoSignOfLife() throws JsonProcessingException {
        var service = start();
        soon().until(() ->
                clinic.value("select to_regclass('_sync_service')").isPresent() && clinic.count("_sync_service") == 1);

        service.kill();

        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertMode("stopped", "no-sign-of-life"));
    }

    private ImageProcess start() {
        return image.start("run");
    }

    private ImageProcess otherStandsBy() {
        soon().until(() -> image.read("log/sync.log").contains("service started"));
        var second = image.start("run");
        soon().until(() -> second.err().contains("standby: another service writes this database"));
        return second;
    }

    private JsonNode assertMode(String mode, String reason) throws JsonProcessingException {
        var ended = image.run("status", "--json");
        assertEquals(0, ended.exitCode(), ended.err());
        assertEquals("", ended.err());
        var status = new ObjectMapper().readTree(ended.out());
        assertEquals(mode, status.path("mode").asText(), status::toPrettyString);
        assertEquals(reason, status.path("reason").asText(), status::toPrettyString);
        return status;
    }

    private static void assertStopsInTime(ImageProcess service) {
        var asked = Instant.now();
        var ended = service.terminate();
        var took = Duration.between(asked, Instant.now());
        assertEquals(0, ended.exitCode(), () -> "after " + took + "\n" + ended.err());
        assertTrue(took.compareTo(Duration.ofSeconds(10)) < 0, took::toString);
        assertFalse(ended.err().contains("ERROR"), ended.err());
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(120))
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptions();
    }
}
