package com.centrovision.sync.tables;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.runtime.SyncService;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.ServiceHome;
import com.centrovision.sync.testing.SharedLab;
import com.centrovision.sync.testing.Sides;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract of a table's file: it is taken up without a restart. */
class TableReloadIT {
    private final Lab lab = SharedLab.get();
    private LabDatabase clinic;

    @TempDir
    private Path folder;

    private ServiceHome home;

    @BeforeEach
    void homeWithOneTable() throws IOException {
        lab.resetCloud();
        clinic = lab.newClinic();
        home = ServiceHome.in(folder);
        home.copy("routes/tables/crm_pipelines.camel.yaml");
    }

    @Test
    void aNewFileIsTakenUpAMalformedOneIsNotAndARemovedOneEndsButNotAllWithTheirFolder() throws IOException {
        lab.cloud().execute("insert into crm_pipelines (name) values ('uno')");
        lab.cloud().execute("insert into service_categories (name) values ('uno')");
        try (var service =
                ClinicService.start(folder, ClinicService.config(lab, clinic), SyncService.Mode.CONTINUOUS)) {
            await().atMost(Duration.ofSeconds(20)).until(() -> service.isOpen() && clinic.count("crm_pipelines") == 1);
            assertEquals(0, clinic.count("service_categories"));

            Files.move(folder.resolve("routes/tables"), folder.resolve("away"));
            await().pollDelay(Duration.ofSeconds(7)).until(() -> true);
            assertEquals(
                    Optional.of(true),
                    clinic.value("select active from _sync_metadata where table_name = 'crm_pipelines'"));
            Files.move(folder.resolve("away"), folder.resolve("routes/tables"));

            Files.writeString(folder.resolve("routes/tables/crm_pipelines.camel.yaml"), "- templatedRoute: [");
            Files.writeString(
                    folder.resolve("routes/tables/branches.camel.yaml"),
                    Files.readString(Path.of("routes/tables/branches.camel.yaml"))
                            .replace("routeId: branches-down", "routeId: cloud"));
            home.copy("routes/tables/service_categories.camel.yaml");

            await().atMost(Duration.ofSeconds(20)).until(() -> clinic.count("service_categories") == 1);
            clinic.execute("insert into service_categories (name) values ('dos')");
            lab.cloud().execute("insert into crm_pipelines (name) values ('dos')");
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> Sides.of(lab, clinic).assertEqual());

            Files.delete(folder.resolve("routes/tables/crm_pipelines.camel.yaml"));
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> clinic.value("select active from _sync_metadata where table_name = 'crm_pipelines'")
                            .equals(Optional.of(false)));
        }
    }
}
