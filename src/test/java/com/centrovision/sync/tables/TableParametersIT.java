package com.centrovision.sync.tables;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.runtime.SyncService;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.Rule;
import com.centrovision.sync.testing.ServiceHome;
import com.centrovision.sync.testing.SharedLab;
import com.centrovision.sync.testing.Sides;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the parameters of a table's file do. */
class TableParametersIT {
    private final Lab lab = SharedLab.get();
    private LabDatabase clinic;
    private ServiceHome home;

    @TempDir
    private Path folder;

    @BeforeEach
    void emptySides() throws IOException {
        lab.resetCloud();
        clinic = lab.newClinic();
        home = ServiceHome.in(folder);
    }

    private void pass() throws InterruptedException {
        try (var service = ClinicService.start(folder, ClinicService.config(lab, clinic), SyncService.Mode.ON_DEMAND)) {
            service.pass();
        }
    }

    private static List<Object> names(LabDatabase side, String table) {
        return side.query("select name from " + table + " order by name").stream()
                .map(row -> row.get("name"))
                .toList();
    }

    @Test
    void aTableMayGoOneWayOnly() throws IOException, InterruptedException {
        home.table("crm_pipelines", "direction", "down");
        home.table("service_categories", "direction", "up");
        for (var table : List.of("crm_pipelines", "service_categories")) {
            lab.cloud().execute("insert into " + table + " (name) values ('nube')");
            clinic.execute("insert into " + table + " (name) values ('clínica')");
        }

        pass();

        assertEquals(List.of("nube"), names(lab.cloud(), "crm_pipelines"));
        assertEquals(List.of("clínica", "nube"), names(clinic, "crm_pipelines"));
        assertEquals(List.of("clínica", "nube"), names(lab.cloud(), "service_categories"));
        assertEquals(List.of("clínica"), names(clinic, "service_categories"));
    }

    @Test
    void aFilterKeepsOtherRowsInTheCloud() throws IOException, InterruptedException {
        home.table("crm_pipelines", "filter", "is_default=eq.true");
        lab.cloud().execute("insert into crm_pipelines (name, is_default) values ('mío', true), ('ajeno', false)");

        pass();

        assertEquals(List.of("mío"), names(clinic, "crm_pipelines"));
    }

    @Test
    @Rule("4.2.2")
    void aDerivedColumnIsTheCloudsAlone() throws IOException, InterruptedException {
        home.table("inventory_items", "derived_columns", "stock");
        lab.cloud().execute("insert into inventory_items (name, sku, stock) values ('lente', 'L1', 5)");
        pass();

        clinic.execute("update inventory_items set stock = 1, price = 10");
        lab.cloud().execute("update inventory_items set stock = 4");
        pass();

        Sides.of(lab, clinic).assertEqual("inventory_items");
        assertEquals(
                "4.00 10.00",
                clinic.value("select stock || ' ' || price from inventory_items")
                        .orElseThrow());
        assertEquals(0, clinic.count("_conflicts"));
    }

    @Test
    void aMergeKeepsTheColumnsThatOnlyOneSideChanged() throws IOException, InterruptedException {
        home.table("inventory_items", "conflicts", "merge");
        lab.cloud().execute("insert into inventory_items (name, sku) values ('lente', 'L1')");
        pass();

        clinic.execute("update inventory_items set price = 10, name = 'de la clínica'");
        lab.cloud().execute("update inventory_items set cost = 7, name = 'de la nube'");
        pass();

        Sides.of(lab, clinic).assertEqual("inventory_items");
        assertEquals(
                "de la nube 10.00 7.0000",
                clinic.value("select name || ' ' || price || ' ' || cost from inventory_items")
                        .orElseThrow());
        assertEquals("merged", clinic.value("select winner from _conflicts").orElseThrow());
    }

    @Test
    void aManualConflictTouchesNeitherSideAndIsHeld() throws IOException, InterruptedException {
        home.table("crm_pipelines", "conflicts", "manual");
        lab.cloud().execute("insert into crm_pipelines (name) values ('base')");
        pass();

        clinic.execute("update crm_pipelines set name = 'clínica'");
        lab.cloud().execute("update crm_pipelines set name = 'nube'");
        pass();
        clinic.execute("update crm_pipelines set name = 'clínica otra vez'");
        pass();

        assertEquals(List.of("nube"), names(lab.cloud(), "crm_pipelines"));
        assertEquals(List.of("clínica otra vez"), names(clinic, "crm_pipelines"));
        assertEquals(
                1,
                clinic.query("select from _conflicts where resolved_at is null and winner is null")
                        .size());
    }
}
