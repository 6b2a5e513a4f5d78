package com.centrovision.sync.image;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.demo.Fault;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.testing.Image;
import com.centrovision.sync.testing.Rule;
import com.centrovision.sync.testing.SharedLab;
import com.centrovision.sync.testing.Sides;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Protocol 1 and 5: the clinic's machine loses its power, and comes up again in any order. */
class PowerCutIT {
    private static final int ROWS = 3000;

    private final Lab lab = SharedLab.get();
    private LabDatabase clinic;
    private Image image;

    @BeforeEach
    void newClinic() {
        lab.resetCloud();
        clinic = lab.newClinic();
        image = Image.of(lab, clinic).onlyTables(List.of("crm_pipelines"));
    }

    @AfterEach
    void close() {
        lab.gateway().heal();
        image.close();
        lab.resetCloud();
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(100))
                .ignoreExceptions();
    }

    @Test
    @Rule({"1.1", "1.2"})
    void bothSidesBecomeEqualAfterServiceAndDatabaseDiedTogether() {
        lab.clinic().execute("alter system set wal_writer_delay = '10s'");
        lab.cloud()
                .execute(
                        "insert into crm_pipelines (name) select 'nube ' || n from generate_series(1, " + ROWS + ") n");
        image.set("sync", "page_rows", "20").set("sync", "batch_size", "20");
        var service = image.start("run");
        lab.gateway().fault(Fault.slowLine(60_000).matching("GET", "/crm_pipelines"));
        soon().until(() -> clinic.count("crm_pipelines") > 100);
        clinic.execute("insert into crm_pipelines (name) select 'clínica ' || n from generate_series(1, 400) n");
        clinic.execute(
                "update crm_pipelines set name = 'editada ' || name, updated_at = now() where name like 'nube 1_'");
        soon().until(() -> lab.cloud().count("crm_pipelines where name like 'clínica%'") > 0);

        service.kill();
        lab.killClinic();
        lab.startClinic();
        lab.clinic().execute("alter system reset wal_writer_delay");
        lab.cloud()
                .execute(
                        "update crm_pipelines set name = 'cambiada ' || name, updated_at = now() where name like 'nube 2__'");
        lab.gateway().heal();
        image.start("run");

        soon().untilAsserted(() -> {
            assertEquals(0, clinic.count("_sync_pending where not synced"));
            assertEquals(ROWS + 400, clinic.count("crm_pipelines"));
            assertEquals(400, lab.cloud().count("crm_pipelines where name like 'clínica%'"));
            assertEquals(100, lab.cloud().count("crm_pipelines where name like 'cambiada%'"));
            Sides.of(lab, clinic).assertEqual("crm_pipelines");
        });
        assertEquals(0, clinic.count("_sync_quarantine"));
        assertEquals(0, clinic.count("_conflicts"));
    }

    @Test
    @Rule("5.7")
    void theServiceWaitsForADatabaseThatComesUpLater() {
        lab.cloud().execute("insert into crm_pipelines (name) values ('nube')");
        lab.stopClinic();
        try {
            var stopped = image.start("run");
            var service = image.start("run");
            soon().until(() -> stopped.err().contains("CV-CLINIC-01"));
            soon().until(() -> service.err().contains("CV-CLINIC-01"));
            assertEquals(3, image.run("status").exitCode());
            var asked = Instant.now();
            assertEquals(0, stopped.terminate().exitCode());
            assertTrue(Duration.between(asked, Instant.now()).toSeconds() < 8);

            lab.startClinic();

            soon().untilAsserted(() -> Sides.of(lab, clinic).assertEqual("crm_pipelines"));
            assertEquals(
                    1,
                    service.err()
                            .lines()
                            .filter(line -> line.contains("CV-CLINIC-01"))
                            .count(),
                    service.err());
            assertEquals(0, service.terminate().exitCode());
        } finally {
            lab.startClinic();
        }
        assertEquals(
                3,
                image.set("local_postgres", "password", Image.quoted("wrong"))
                        .run("run")
                        .exitCode());
    }
}
