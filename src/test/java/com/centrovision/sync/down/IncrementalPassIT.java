package com.centrovision.sync.down;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.config.CloudMode;
import com.centrovision.sync.demo.Fault;
import com.centrovision.sync.demo.GatewayRequest;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.Rule;
import com.centrovision.sync.testing.SharedLab;
import com.centrovision.sync.testing.Sides;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Protocol 3.2 and 3.3: pages by stamp, and how they are applied. */
class IncrementalPassIT {
    private final Lab lab = SharedLab.get();
    private LabDatabase clinic;
    private ClinicService service;

    @BeforeEach
    void loadedSides() throws InterruptedException {
        lab.resetCloud();
        clinic = lab.newClinic();
        lab.cloud().generate("incremental", 20);
        service = ClinicService.onDemand(lab, clinic);
        assertEquals(ExitCode.OK, service.pass().exitCode());
    }

    @AfterEach
    void stop() {
        service.close();
    }

    /** What the requests or the cursor of plain REST are about. */
    private void overRest() throws InterruptedException {
        service.close();
        service = ClinicService.onDemand(lab, clinic, CloudMode.REST);
        service.pass();
    }

    private void passMakesEqual() throws InterruptedException {
        var result = service.pass();
        assertEquals(ExitCode.OK, result.exitCode(), result::toString);
        Sides.of(lab, clinic).assertEqual();
    }

    @Test
    @Rule({"3.2.6", "3.2.7"})
    void bringsTheExtremesOfEveryColumnType() throws InterruptedException {
        lab.cloud()
                .execute(
                        """
                        update branches set latitude = 1e-300, longitude = -1.7976931348623157e308,
                          opening_hours = '{"n": 12345678901234567890.123456789012345678, "t": "ñ\\"\\\\\\u2028", "x": null}';
                        update inventory_items set cost = 12345678.1200, price = 0.10, stock = -0.00,
                          barcodes = array['', null, 'a,b', '{"x"}', ' '], price_tiers = '{1.10,NULL,0.00}',
                          attributes = '[1.10, 1e3]';
                        update patients set preferences = '{"b" : 1,  "a":[1.50 ] , "a": 2}', allergies = '{}',
                          birth_date = '0044-03-15', identity_number = E'\\t\\n\\r\\u00e1 🙂', insurance = '"texto"',
                          last_visit_at = '2026-02-28 23:59:59.999999-06';
                        update profiles set signature = '\\x00ff0a5c22', schedule = '[]';
                        update services set duration = '-1 year -2 mons +3 days 04:05:06.789', tax_rate = 0.0000;
                        update rooms set opens_at = '24:00', closes_at = '00:00:00.000001';
                        update studies set taken_at = '1999-12-31 23:59:59.123456', result = '';
                        update exam_eye set pressure = 'NaN', axis = -32768, keratometry = '{NaN,1.00}',
                          visual_field = '{}', device_output = '{"crudo" :  [1.0, 1.00]}';
                        update cash_closures set denominations = '{-2147483648,2147483647}', counted = 999999999999.99;
                        update study_files set size_bytes = 9223372036854775807, sha256 = '';
                        update crm_leads set score = '-Infinity', tags = array[array['a','b'],array['c','d']];
                        """);

        passMakesEqual();
    }

    @Test
    @Rule("3.2.2")
    void bringsABulkImportThatHasOneStampForAllItsRows() throws InterruptedException {
        lab.limitRows(70);
        lab.cloud()
                .execute("insert into crm_pipelines (name) select 'importado ' || i from generate_series(1, 1000) i");

        passMakesEqual();
    }

    @Test
    @Rule("3.2.3")
    void bringsARowWhoseTransactionBeganEarlierAndCommittedLaterThanAPass() throws InterruptedException, SQLException {
        try (var late = lab.cloud().connect();
                var statement = late.createStatement()) {
            late.setAutoCommit(false);
            statement.execute("insert into crm_pipelines (name) values ('tarde')");
            lab.cloud().execute("insert into crm_pipelines (name) values ('pronto')");
            service.pass();
            assertEquals(
                    1,
                    clinic.query("select from crm_pipelines where name in ('tarde', 'pronto')")
                            .size());
            late.commit();
        }

        passMakesEqual();
    }

    @Test
    @Rule("3.2.5")
    void aRowStampedInTheFutureHidesNoLaterChange() throws InterruptedException {
        lab.cloud()
                .execute("insert into crm_pipelines (name, updated_at) values ('futuro', now() + interval '3 days')");
        passMakesEqual();

        lab.cloud().execute("insert into crm_pipelines (name) values ('presente')");

        passMakesEqual();
    }

    @Test
    @Rule("3.3.4")
    void appliesUniqueValuesThatMovedBetweenRows() throws InterruptedException {
        lab.cloud()
                .execute(
                        """
                        create temp table turned as
                        select id, coalesce(lead(code) over (order by code), min(code) over ()) as code
                        from branches;
                        update branches set code = 'tmp ' || code;
                        update branches b set code = t.code from turned t where t.id = b.id;
                        drop table turned
                        """);

        passMakesEqual();
    }

    @Test
    @Rule({"1.5", "3.3.5"})
    void oneRowThatTheClinicRefusesStopsOnlyItself() throws InterruptedException {
        clinic.execute("alter table crm_pipelines add constraint corto check (length(name) < 40)");
        lab.cloud()
                .execute(
                        """
                        insert into crm_pipelines (name) select 'bien ' || i from generate_series(1, 150) i;
                        insert into crm_pipelines (name) values (repeat('largo', 20));
                        insert into crm_pipelines (name) select 'tambien ' || i from generate_series(1, 150) i
                        """);

        var result = service.pass();

        assertEquals(ExitCode.FINDINGS, result.exitCode());
        assertEquals(1, result.quarantined());
        assertEquals(lab.cloud().count("crm_pipelines") - 1, clinic.count("crm_pipelines"));
        assertEquals("23514", clinic.value("select code from _sync_quarantine").orElseThrow());

        clinic.execute("alter table crm_pipelines drop constraint corto");
        passMakesEqual();
        assertEquals(0, clinic.count("_sync_quarantine"));
    }

    @Test
    @Rule("2.4")
    void leavesARowThatAnApplicationHoldsAndTakesItInTheNextPass() throws InterruptedException, SQLException {
        lab.cloud().execute("update branches set phone = '2222-0000'");
        try (var application = clinic.connect();
                var statement = application.createStatement()) {
            application.setAutoCommit(false);
            statement.execute("select from branches order by code limit 1 for update");
            service.pass();
            assertEquals(
                    1,
                    clinic.query("select from branches where phone is distinct from '2222-0000'")
                            .size());
            application.rollback();
        }

        passMakesEqual();
        assertEquals(0, clinic.count("_sync_revisit"));
    }

    @Test
    void visitsEveryRowThatItLeftThoughTheCloudServesFewerAtOnce() throws InterruptedException, SQLException {
        lab.cloud().execute("insert into crm_pipelines (name) select 'fila ' || i from generate_series(1, 40) i");
        service.pass();
        lab.cloud().execute("update crm_pipelines set name = name || ' cambiada'");
        try (var application = clinic.connect();
                var statement = application.createStatement()) {
            application.setAutoCommit(false);
            statement.execute("select from crm_pipelines for update");
            service.pass();
            application.rollback();
        }
        assertEquals(lab.cloud().count("crm_pipelines"), clinic.count("_sync_revisit"));
        lab.limitRows(7);

        for (int pass = 0; pass < 4; pass++) {
            service.pass();
        }

        Sides.of(lab, clinic).assertEqual();
        assertEquals(0, clinic.count("_sync_revisit"));
    }

    @Test
    @Rule("3.3.2")
    void doesNotOverwriteAnEditThatWaitsToGoUp() throws InterruptedException {
        clinic.execute("alter table patients disable trigger set_updated_at");
        lab.gateway().fault(Fault.status(400).matching("GET", "xmin"));
        clinic.execute("update patients set phone = 'clinica'");
        lab.cloud().execute("update patients set phone = 'nube'");

        service.pass();

        assertEquals(
                0, clinic.query("select from patients where phone <> 'clinica'").size());
    }

    @Test
    @Rule("2.2")
    void noTriggerOfTheClinicFiresForWhatComesDown() throws InterruptedException {
        lab.cloud()
                .execute(
                        """
                        insert into inventory_movements (item_id, kind, quantity)
                        select id, 'compra', 7 from inventory_items order by id limit 1
                        """);

        passMakesEqual();
        assertEquals(0, clinic.count("_sync_pending"));
    }

    @Test
    @Rule({"1.3", "3.2.4"})
    void anIdleSystemAsksOnceForEachTableAndWritesNothing() throws InterruptedException {
        overRest();
        lab.gateway().clearLog();

        service.pass();

        assertTrue(lab.gateway().requests().stream().noneMatch(GatewayRequest::isWrite));
        for (var table : Sides.TABLES) {
            assertEquals(
                    2, lab.gateway().count("GET", "/rest/v1/" + table + "?select=*"), table + " before and after up");
        }
        assertEquals(0, clinic.count("_sync_pending"));
    }

    @Test
    @Rule("3.2.4")
    void aBulkImportInsideTheOverlapIsReadAgainByItsVersions() throws InterruptedException {
        lab.cloud()
                .execute(
                        """
                        insert into patients (first_name, last_name, notes)
                        select 'Importado', i::text, repeat('historia ' || i, 100) from generate_series(1, 600) i
                        """);
        passMakesEqual();
        passMakesEqual();
        lab.gateway().clearLog();

        passMakesEqual();

        assertTrue(lab.gateway().requests().stream()
                .filter(request -> request.path().startsWith("/rest/v1/patients?select=*"))
                .findAny()
                .isEmpty());
        lab.cloud().execute("update patients set notes = 'cambiado' where last_name in ('7', '599')");
        passMakesEqual();
    }

    @Test
    void versionsThatAreMirroredMoveTheCursorToo() throws InterruptedException {
        overRest();
        for (int batch = 0; batch < 2; batch++) {
            clinic.execute("insert into crm_pipelines (name) select 'de aquí ' || i from generate_series(1, 300) i");
            passMakesEqual();
            passMakesEqual();
        }

        assertEquals(
                List.of(),
                clinic.query(
                        """
                        select cursor_stamp
                        from _sync_metadata
                        where table_name = 'crm_pipelines'
                          and cursor_stamp < (select max(updated_at) - interval '1 second' from crm_pipelines)
                        """));
    }

    @Test
    void rowsOfEightMegabytesPassInSmallerPages() throws InterruptedException {
        lab.cloud()
                .execute(
                        """
                        update patients set medical_history = repeat(md5(id::text), 250000)
                        where id in (select id from patients limit 9)
                        """);

        passMakesEqual();
    }

    @Test
    @Rule("3.2.9")
    void anAnswerThatIsCutIsAskedForAgain() throws InterruptedException {
        lab.cloud().execute("update patients set notes = repeat('x', 5000)");
        lab.gateway()
                .fault(Fault.cutAfterBytes(700).matching("GET", "/patients").times(1));

        passMakesEqual();
    }

    @Test
    @Rule("3.2.9")
    void aPageOfSomebodyElseIsNoData() throws InterruptedException {
        lab.cloud().execute("update patients set notes = 'x'");
        lab.gateway().fault(Fault.captivePortal());

        assertEquals(ExitCode.UNREACHABLE, service.pass().exitCode());
        assertEquals(20, clinic.count("patients"));

        lab.gateway().heal();
        await().until(service::isOpen);
        passMakesEqual();
    }
}
