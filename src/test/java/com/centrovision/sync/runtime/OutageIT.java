package com.centrovision.sync.runtime;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.centrovision.sync.demo.Fault;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.Rule;
import com.centrovision.sync.testing.SharedLab;
import com.centrovision.sync.testing.Sides;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Protocol 5: the line or a database goes away and comes back; the running service goes on by itself. */
class OutageIT {
    private static final String[] TABLES = {"crm_pipelines", "crm_leads"};

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

    @Test
    @Rule("5.1")
    void aBlackHoleIsNoticedAndHeals() {
        lab.gateway().fault(Fault.blackHole());
        await().atMost(Duration.ofSeconds(30)).until(() -> !service.isOpen());

        lab.gateway().heal();
        await().atMost(Duration.ofSeconds(30)).until(service::isOpen);
        bothDirectionsRun();
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
