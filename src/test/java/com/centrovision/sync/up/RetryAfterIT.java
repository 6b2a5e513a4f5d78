package com.centrovision.sync.up;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.demo.Fault;
import com.centrovision.sync.demo.GatewayRequest;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.Rule;
import com.centrovision.sync.testing.SharedLab;
import com.centrovision.sync.testing.Sides;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Protocol 4.5: while the cloud is silent, or asks for quiet, changes wait; no try is counted, nothing is hammered. */
class RetryAfterIT {
    private static final Duration QUIET = Duration.ofSeconds(20);

    private static final String[] TABLES = {"crm_pipelines", "crm_leads"};

    private final Lab lab = SharedLab.get();
    private LabDatabase clinic;
    private ClinicService service;

    @BeforeEach
    void runningService() {
        lab.resetCloud();
        clinic = lab.newClinic();
        lab.cloud()
                .execute("insert into crm_leads (name, phone) select 'uno ' || i, '1' from generate_series(1, 40) i");
        start(Duration.ofMillis(200));
    }

    private void start(Duration retryDelay) {
        service = ClinicService.continuous(lab, clinic, retryDelay, TABLES);
        await().until(() -> clinic.count("crm_leads") == 40);
        await().until(() -> clinic.query("select from _sync_metadata where active and loaded_at is null")
                .isEmpty());
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private void allArrives() {
        await().atMost(Duration.ofSeconds(90)).untilAsserted(() -> {
            assertEquals(List.of(), clinic.query("select table_name, error from _sync_pending where not synced"));
            Sides.of(lab, clinic).assertEqual();
        });
        assertEquals(List.of(), clinic.query("select from _sync_pending where retry_count > 0"));
        assertEquals(0, clinic.count("_sync_quarantine"));
    }

    private long answered(int status) {
        return lab.gateway().requests().stream()
                .filter(request -> request.status() == status)
                .count();
    }

    private void asksForQuiet(int status, Fault... faults) {
        lab.gateway().clearLog();
        List.of(faults).forEach(fault -> lab.gateway().fault(fault.times(1)));
        clinic.execute("insert into crm_pipelines (name) values ('espera')");
        await().until(() -> answered(status) > 0);
        await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
        lab.gateway().clearLog();

        await().pollDelay(Duration.ofSeconds(7)).until(() -> true);

        assertEquals(List.of(), lab.gateway().requests());
        assertEquals("degraded", service.state().reason());
        allArrives();
    }

    @Test
    @Rule("4.5.2")
    void nothingIsAskedBeforeTheTimeThatTheCloudNames() {
        asksForQuiet(429, Fault.status(429, QUIET).matching("POST", ""));
    }

    @Test
    @Rule("4.5.2")
    void theWayDownAndTheHealthCheckKeepQuietToo() {
        asksForQuiet(
                503,
                Fault.status(503, QUIET).matching("GET", ""),
                Fault.status(503, QUIET).matching("POST", "/rpc/sync_pull"));
    }

    @Test
    @Rule("4.5.1")
    void aSilenceIsRepeatedWithoutCountingATry() {
        lab.gateway().fault(Fault.status(503).matching("PATCH", "").times(6));
        lab.gateway().fault(Fault.loseAnswer().matching("PATCH", "").times(3));
        lab.gateway().fault(Fault.status(503).matching("POST", "/rpc/sync_push").times(6));
        lab.gateway()
                .fault(Fault.loseAnswer().matching("POST", "/rpc/sync_push").times(3));
        clinic.execute("update crm_leads set phone = '2'");

        allArrives();

        assertEquals(0, clinic.count("_conflicts"));
    }

    @Test
    @Rule("4.5.1")
    void anOutageInTheMiddleOfAChunkIsNotHammeredAndEndsAtOnceWhenTheLineIsBack() {
        lab.gateway().clearLog();
        lab.gateway().fault(Fault.status(503));
        clinic.execute("update crm_leads set phone = '3'");
        await().pollDelay(Duration.ofSeconds(12)).until(() -> true);
        var requests = lab.gateway().requests();
        lab.gateway().heal();

        allArrives();

        assertTrue(requests.size() < 100, requests::toString);
    }

    @Test
    @Rule({"4.5.1", "4.4.3"})
    void theCloudDiesWhileAConflictIsDecided() {
        lab.gateway().fault(Fault.refuse());
        clinic.execute("update crm_leads set name = 'clínica' where name = 'uno 1'");
        lab.cloud().execute("update crm_leads set name = 'nube' where name = 'uno 1'");
        lab.gateway().heal();
        lab.gateway().fault(Fault.status(503).matching("GET", "xmin&id=eq\\."));
        lab.gateway().clearLog();
        await().until(() -> answered(503) > 0);
        await().pollDelay(Duration.ofSeconds(8)).until(() -> true);

        assertTrue(answered(503) < 40, () -> lab.gateway().requests().toString());
        assertEquals(0, clinic.count("_conflicts"));
        lab.gateway().heal();

        allArrives();
        assertEquals(1, clinic.count("_conflicts"));
        assertEquals(
                0L,
                lab.gateway().requests().stream()
                        .filter(GatewayRequest::isWrite)
                        .filter(request -> request.status() >= 400)
                        .count());
    }

    @Test
    void aStopDoesNotWaitForARepetition() {
        service.close();
        start(Duration.ofSeconds(60));
        lab.gateway().clearLog();
        lab.gateway().fault(Fault.status(502).matching("POST", ""));
        clinic.execute("insert into crm_pipelines (name) values ('a medias')");
        await().until(() -> lab.gateway().count("POST", "/rest/v1/crm_pipelines") > 0);

        var start = Instant.now();
        service.close();

        var took = Duration.between(start, Instant.now());
        assertTrue(took.compareTo(Duration.ofSeconds(10)) < 0, took::toString);
    }
}
