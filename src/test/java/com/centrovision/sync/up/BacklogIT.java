package com.centrovision.sync.up;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.Rule;
import com.centrovision.sync.testing.SharedLab;
import com.centrovision.sync.testing.Sides;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Protocol 4.2: after a long outage, what the clinic does now is not kept waiting behind what it did before. */
class BacklogIT {
    private static final int CLAIM = 1000;
    private static final String[] TABLES = {"patients", "appointments", "inventory_items"};
    private static final String OLD_PATIENTS =
            """
            insert into patients (id, first_name, last_name)
            select ('00000000-0000-0000-0000-' || lpad(i::text, 12, '0'))::uuid, 'Ana', 'Paz'
            from generate_series(%d, %d) i;
            """;

    private final Lab lab = SharedLab.get();

    @Test
    @Rule({"4.2.9", "4.2.3", "4.2.4"})
    void newChangesOvertakeABacklogAndTakeTheirParentsAlong() throws InterruptedException {
        lab.resetCloud();
        lab.cloud()
                .execute("insert into inventory_items (id, sku, name) values "
                        + "('00000000-0000-0000-0000-000000000001', 'LENTE-1', 'Lente'), "
                        + "('00000000-0000-0000-0000-000000000002', 'LENTE-2', 'Lente')");
        var clinic = lab.newClinic();
        try (var service = ClinicService.onDemand(lab, clinic, TABLES)) {
            service.pass();
        }
        clinic.execute(OLD_PATIENTS.formatted(1, 1500)
                + "update inventory_items set sku = 'SIN USO' where sku = 'LENTE-1';"
                + "delete from inventory_items where sku = 'LENTE-2';"
                + OLD_PATIENTS.formatted(1501, 3000));
        clinic.execute(
                """
                insert into appointments (patient_id, starts_at)
                values ('00000000-0000-0000-0000-000000001400', '2026-05-01 09:00-06');
                insert into inventory_items (sku, name) values ('LENTE-1', 'Lente nuevo'), ('LENTE-2', 'Lente nuevo');
                update patients set notes = 'llega tarde' where id = '00000000-0000-0000-0000-000000001300';
                """);

        try (var service = ClinicService.continuous(lab, clinic, TABLES)) {
            await().atMost(Duration.ofSeconds(120)).until(() -> service.isOpen() && waiting(clinic) == 0);
        }

        for (var row : List.of(
                "appointments where patient_id = '00000000-0000-0000-0000-000000001400'",
                "patients where id = '00000000-0000-0000-0000-000000001300'")) {
            assertTrue(patientsBefore(row) < CLAIM, row);
        }
        for (var table : TABLES) {
            Sides.of(lab, clinic).assertEqual(table);
        }
        assertEquals(0, clinic.count("_conflicts"));
        assertEquals(0, clinic.count("_sync_quarantine"));
        assertEquals(0, clinic.count("_sync_log where status = 'ERROR' and table_name <> 'inventory_items'"));
    }

    /** How many patients were in the cloud when the row arrived there. */
    private long patientsBefore(String row) {
        return (Long) lab.cloud()
                .value("select count(*) from patients where xmin::text::bigint < "
                        + "(select max(xmin::text::bigint) from " + row + ")")
                .orElseThrow();
    }

    /** A claim is as many changes as always, however many wait; of large rows it takes fewer. */
    @Test
    @Rule("4.2.9")
    void aClaimOfLargeRowsIsBounded() throws InterruptedException {
        lab.resetCloud();
        var clinic = lab.newClinic();
        try (var service = ClinicService.onDemand(lab, clinic, "patients")) {
            service.pass();
        }
        clinic.execute("insert into patients (first_name, last_name, notes) "
                + "select 'Ana', 'Paz', (select string_agg(md5(i::text || j), '') from generate_series(1, 30000) j) "
                + "from generate_series(1, 30) i");

        var claim = clinic.query(
                        "select sum(length(body)) as all, max(length(body)) as one "
                                + "from sync_claim(1000, 100, 10, '') c, sync_new_rows('patients', c.changes::json, now()) body")
                .get(0);

        var all = (Long) claim.get("all");
        assertTrue(all > 1_000_000 && all < 20_000_000, claim::toString);
        assertTrue((Integer) claim.get("one") < 3_000_000, claim::toString);
    }

    private static long waiting(LabDatabase clinic) {
        return clinic.count("_sync_pending where not synced");
    }
}
