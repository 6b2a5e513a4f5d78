package com.centrovision.sync.down;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.demo.Fault;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.Rule;
import com.centrovision.sync.testing.SharedLab;
import com.centrovision.sync.testing.Sides;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Protocol 3.1: the first load. */
class FirstLoadIT {
    private final Lab lab = SharedLab.get();
    private LabDatabase clinic;

    @BeforeEach
    void emptySides() {
        lab.resetCloud();
        clinic = lab.newClinic();
    }

    @Test
    @Rule("3.2.1")
    void bringsEveryRowThoughTheCloudServesFewerThanAsked() throws InterruptedException {
        lab.cloud().generatePatients("first-load", 20_000);
        lab.limitRows(170);

        try (var service = ClinicService.onDemand(lab, clinic)) {
            var result = service.pass();

            assertEquals(ExitCode.OK, result.exitCode(), result::toString);
        }
        assertEquals(20_000, clinic.count("patients"));
        Sides.of(lab, clinic).assertEqual();
    }

    @Test
    void bringsAllTablesOfAClinicWithEveryColumnEqual() throws InterruptedException {
        lab.cloud().generate("all-tables", 300);

        try (var service = ClinicService.onDemand(lab, clinic)) {
            assertEquals(ExitCode.OK, service.pass().exitCode());
        }
        Sides.of(lab, clinic).assertEqual();
        assertEquals(0, clinic.count("_sync_pending"));
    }

    @Test
    @Rule("3.1.1")
    void goesOnWhereARestartInterruptedIt() throws InterruptedException {
        lab.cloud().generatePatients("resumed", 3_000);
        lab.limitRows(200);
        lab.gateway().fault(Fault.status(503).matching("GET", "patients.*id=gt\\.[89a-f]"));
        try (var service = ClinicService.onDemand(lab, clinic)) {
            service.pass();
        }
        var before = clinic.count("patients");
        assertTrue(before > 1_000 && before < 3_000, "rows before the restart: " + before);

        lab.gateway().heal();
        lab.gateway().clearLog();
        try (var service = ClinicService.onDemand(lab, clinic)) {
            assertEquals(ExitCode.OK, service.pass().exitCode());
        }

        var first = lab.gateway().requests().stream()
                .filter(request -> request.path().contains("/patients?select=*&order=id"))
                .findFirst()
                .orElseThrow();
        assertTrue(first.path().matches(".*id=gt\\.[789a].*"), first.path());
        Sides.of(lab, clinic).assertEqual("patients");
    }

    @Test
    @Rule({"3.1.1", "3.1.2"})
    void eachPartOfALargeLoadGoesOnWhereItWasInterrupted() throws InterruptedException {
        lab.cloud().generatePatients("parts", 9_000);
        lab.cloud().execute("analyze patients");
        lab.limitRows(200);
        lab.gateway().fault(Fault.status(400).matching("GET", "patients.*id=gt\\.[37bf]"));
        try (var service = ClinicService.onDemand(lab, clinic, "patients")) {
            service.pass();
        }
        var parts = clinic.query("select after_id::text as after from _sync_load order by from_id");
        assertEquals(4, parts.size());
        var before = clinic.count("patients");
        assertTrue(before > 3_000 && before < 9_000, "rows before the restart: " + before);
        lab.cloud()
                .execute("insert into patients (first_name, last_name) select 'Nuevo', i::text"
                        + " from generate_series(1, 200) i");

        lab.gateway().heal();
        lab.gateway().clearLog();
        try (var service = ClinicService.onDemand(lab, clinic, "patients")) {
            assertEquals(ExitCode.OK, service.pass().exitCode());
        }

        for (var part : parts) {
            assertEquals(
                    1,
                    lab.gateway()
                            .count(
                                    "GET",
                                    "/rest/v1/patients?select=*&order=id.asc&limit=200&id=gt." + part.get("after")),
                    part::toString);
        }
        Sides.of(lab, clinic).assertEqual("patients");
        assertEquals(0, clinic.count("_sync_load"));
    }

    @Test
    void idsThatFollowEachOtherAreReadByAllStreams() throws InterruptedException {
        lab.cloud()
                .execute(
                        """
                        insert into crm_leads (id, name, updated_at)
                        select ('00000000-0000-0000-0001-' || lpad(i::text, 12, '0'))::uuid, 'lead ' || i, now() - interval '1 day'
                        from generate_series(1, 9000) i;
                        analyze crm_leads
                        """);
        lab.limitRows(500);

        try (var service = ClinicService.onDemand(lab, clinic, "crm_leads")) {
            assertEquals(ExitCode.OK, service.pass().exitCode());
        }

        Sides.of(lab, clinic).assertEqual("crm_leads");
        var bounds = lab.gateway().requests().stream()
                .filter(request -> request.path().contains("&id=lt."))
                .map(request -> request.path().replaceFirst(".*&id=lt\\.", ""))
                .collect(Collectors.groupingBy(bound -> bound, Collectors.counting()));
        assertEquals(3, bounds.size());
        bounds.forEach((bound, requests) -> assertTrue(requests > 3, bounds::toString));
    }

    @Test
    @Rule("3.1.2")
    void bringsRowsThatChangeWhileItGoesOn() throws InterruptedException {
        lab.cloud().generatePatients("moving", 1_000);
        lab.limitRows(100);
        lab.gateway().fault(Fault.delay(Duration.ofMillis(100)).matching("GET", "patients"));

        try (var service = ClinicService.onDemand(lab, clinic)) {
            var editor = new Thread(this::editPatients);
            editor.start();
            service.pass();
            editor.join();
            service.pass();
        }
        Sides.of(lab, clinic).assertEqual("patients");
    }

    private void editPatients() {
        for (int edit = 0; edit < 20; edit++) {
            lab.cloud()
                    .execute(
                            """
                            update patients
                            set notes = 'editado %1$s'
                            where id in (select id from patients order by md5(id::text || '%1$s') limit 20)
                            """
                                    .formatted(edit));
        }
    }

    @Test
    @Rule("3.1.3")
    void loadsRowsWithoutAStamp() throws InterruptedException {
        lab.cloud()
                .execute(
                        "insert into crm_leads (name, updated_at) select 'lead ' || i, null from generate_series(1, 50) i");

        try (var service = ClinicService.onDemand(lab, clinic)) {
            assertEquals(ExitCode.OK, service.pass().exitCode());
        }
        Sides.of(lab, clinic).assertEqual("crm_leads");
    }

    @Test
    @Rule("3.1.4")
    void neitherDeletesNorOverwritesUnseenWhatTheClinicHadBefore() throws InterruptedException {
        var rows =
                """
                insert into service_categories (id, name, updated_at, created_at)
                select id::uuid, name, stamp::timestamptz, '2025-01-01'
                from (values
                  ('00000000-0000-0000-0000-000000000001', 'igual', '2026-01-01'),
                  ('00000000-0000-0000-0000-000000000002', '%s', '%s'),
                  ('00000000-0000-0000-0000-000000000003', '%s', '%s'),
                  ('00000000-0000-0000-0000-%s', 'solo aqui', '2026-01-01')
                ) r (id, name, stamp)
                """;
        lab.cloud().execute(rows.formatted("nube nueva", "2026-03-01", "nube vieja", "2026-01-01", "00000000000a"));
        clinic.execute(rows.formatted("clinica vieja", "2026-02-01", "clinica nueva", "2026-02-01", "00000000000b"));

        try (var service = ClinicService.onDemand(lab, clinic)) {
            assertEquals(ExitCode.OK, service.pass().exitCode());
        }

        Sides.of(lab, clinic).assertEqual("service_categories");
        assertEquals(5, clinic.count("service_categories"));
        assertEquals(
                List.of("igual", "nube nueva", "clinica nueva"),
                clinic.query("select name from service_categories where name <> 'solo aqui' order by id").stream()
                        .map(row -> row.get("name"))
                        .toList());
        assertEquals(
                List.of(
                        Map.of("local", "clinica vieja", "remote", "nube nueva", "winner", "remote"),
                        Map.of("local", "clinica nueva", "remote", "nube vieja", "winner", "local")),
                clinic.query(
                        """
                        select local_data ->> 'name' as local, remote_data ->> 'name' as remote, winner
                        from _conflicts
                        order by record_id
                        """));
    }

    @Test
    void isNotDoneAgain() throws InterruptedException {
        lab.cloud().generatePatients("once", 500);
        try (var service = ClinicService.onDemand(lab, clinic)) {
            service.pass();
        }
        lab.gateway().clearLog();

        try (var service = ClinicService.onDemand(lab, clinic)) {
            service.pass();
        }

        assertFalse(lab.gateway().requests().stream()
                .anyMatch(request -> request.path().contains("order=id.asc&limit")));
    }
}
