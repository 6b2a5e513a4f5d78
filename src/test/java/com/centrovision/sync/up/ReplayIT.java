package com.centrovision.sync.up;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.config.CloudMode;
import com.centrovision.sync.demo.Fault;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.Rule;
import com.centrovision.sync.testing.SharedLab;
import com.centrovision.sync.testing.Sides;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Protocol 4.2: changes whose net result the cloud takes in no order are sent one by one, or explained. */
class ReplayIT {
    private static final String NEW_PIPELINE =
            """
            insert into crm_pipelines (id, name) values ('00000000-0000-0000-0000-0000000000a1', 'embudo');
            insert into crm_pipeline_stages (id, pipeline_id, name, position)
              values ('00000000-0000-0000-0000-0000000000a2', '00000000-0000-0000-0000-0000000000a1', 'primera', 1);
            update crm_pipelines set first_stage_id = '00000000-0000-0000-0000-0000000000a2'
              where id = '00000000-0000-0000-0000-0000000000a1';
            """;

    private static final String EXCHANGE =
            """
            update branches set code = 'tmp' where code = 'uno';
            update branches set code = 'uno' where code = 'dos';
            update branches set code = 'dos' where code = 'tmp';
            """;

    private static final String[] TABLES = {
        "branches", "crm_pipelines", "crm_pipeline_stages", "crm_leads", "inventory_categories"
    };

    private final Lab lab = SharedLab.get();
    private LabDatabase clinic;
    private ClinicService service;

    @BeforeEach
    void twoBranches() {
        lab.resetCloud();
        clinic = lab.newClinic();
        lab.cloud().execute("insert into branches (name, code) values ('a', 'uno'), ('b', 'dos')");
    }

    @AfterEach
    void stop() {
        service.close();
        lab.cloud()
                .execute(
                        """
                        alter table crm_pipelines drop column if exists first_stage_id;
                        alter table branches drop constraint if exists name_once
                        """);
        lab.reloadCloudSchema();
    }

    private void start(String both) throws InterruptedException {
        start(both, CloudMode.AUTO);
    }

    private void start(String both, CloudMode way) throws InterruptedException {
        lab.cloud().execute(both);
        clinic.execute(both);
        lab.reloadCloudSchema();
        service = ClinicService.onDemand(lab, clinic, way, TABLES);
        assertEquals(ExitCode.OK, service.pass().exitCode());
        lab.gateway().clearLog();
    }

    private void passMakesEqual() throws InterruptedException {
        var result = service.pass();
        assertEquals(ExitCode.OK, result.exitCode(), result::toString);
        Sides.of(lab, clinic).assertEqual();
        assertEquals(0, clinic.count("_conflicts"));
        assertEquals(0, clinic.count("_sync_quarantine"));
    }

    private List<Object> reasons(String code) {
        return clinic.query("select reason from _sync_quarantine where direction = 'UP' and code = ?", code).stream()
                .map(row -> row.get("reason"))
                .toList();
    }

    @Test
    @Rule("4.2.4")
    void rowsOfTwoTablesThatReferToEachOtherArrive() throws InterruptedException {
        start("alter table crm_pipelines add column first_stage_id uuid references crm_pipeline_stages (id)");
        clinic.execute(NEW_PIPELINE);

        passMakesEqual();

        assertEquals(
                1,
                lab.cloud()
                        .query("select from crm_pipelines where first_stage_id is not null")
                        .size());
    }

    @Test
    @Rule("4.2.3")
    void aRowThatRefersToOneInALaterChunkOfItsOwnTableArrives() throws InterruptedException {
        start("select 1");
        clinic.execute(
                """
                insert into inventory_categories (id, name) values ('00000000-0000-0000-0000-0000000000b1', 'primera');
                insert into inventory_categories (name) select 'otra ' || i from generate_series(1, 150) i;
                insert into inventory_categories (id, name, parent_id)
                  values ('00000000-0000-0000-0000-0000000000b2', 'última', '00000000-0000-0000-0000-0000000000b1');
                update inventory_categories set parent_id = '00000000-0000-0000-0000-0000000000b2'
                  where name = 'primera'
                """);

        passMakesEqual();
    }

    @Test
    @Rule("4.2.4")
    void aUniqueValueExchangedThroughATemporaryOneArrives() throws InterruptedException {
        start("select 1");
        clinic.execute(EXCHANGE);

        passMakesEqual();

        assertEquals(
                "b",
                lab.cloud()
                        .value("select name from branches where code = 'uno'")
                        .orElseThrow());
    }

    @Test
    @Rule("4.3.2")
    void answersLostWhileChangesAreSentOneByOneDoNoHarm() throws InterruptedException {
        start("alter table crm_pipelines add column first_stage_id uuid references crm_pipeline_stages (id)");
        lab.gateway().fault(Fault.loseAnswer().matching("POST", "").times(3));
        lab.gateway().fault(Fault.loseAnswer().matching("PATCH", "").times(3));
        lab.gateway()
                .fault(Fault.loseAnswer().matching("POST", "/rpc/sync_push").times(3));
        clinic.execute(NEW_PIPELINE + EXCHANGE);

        var passes = 0;
        while (passes++ < 8 && service.pass().exitCode() != ExitCode.OK) {
            await().until(service::isOpen);
        }

        passMakesEqual();
    }

    @Test
    void aNewerEditEndsSendingOneByOne() throws InterruptedException {
        start("select 1");
        clinic.execute("insert into branches (name, code) values ('c', 'tres')");
        lab.cloud().execute("insert into branches (name, code) values ('d', 'cuatro')");
        clinic.execute("update branches set code = 'cuatro' where code = 'tres'");
        service.pass();
        assertEquals(
                1,
                clinic.query("select from _sync_quarantine where direction = 'UP' and code = '23505'")
                        .size());

        clinic.execute("update branches set code = 'cinco' where name = 'c'");

        passMakesEqual();
    }

    @Test
    @Rule({"4.2.5", "1.5"})
    void newRowsThatReferToEachOtherFromTheStartAreExplainedAndStopOnlyThemselves() throws InterruptedException {
        start(
                """
                alter table crm_pipelines add column first_stage_id uuid not null
                  references crm_pipeline_stages (id) deferrable initially deferred
                """,
                CloudMode.REST);
        clinic.execute(
                """
                insert into crm_pipelines (id, name, first_stage_id)
                  values ('00000000-0000-0000-0000-0000000000a1', 'embudo', '00000000-0000-0000-0000-0000000000a2');
                insert into crm_pipeline_stages (id, pipeline_id, name, position)
                  values ('00000000-0000-0000-0000-0000000000a2', '00000000-0000-0000-0000-0000000000a1', 'primera', 1);
                insert into crm_leads (name) values ('sigue')
                """);

        assertEquals(ExitCode.FINDINGS, service.pass().exitCode());

        await().untilAsserted(() -> assertEquals(2, reasons("23503").size()));
        for (var reason : reasons("23503")) {
            assertTrue(reason.toString().startsWith("it and another new row refer to each other"), reason::toString);
            assertTrue(reason.toString().endsWith("(code 23503)"), reason::toString);
        }
        assertEquals(1, lab.cloud().count("crm_leads"));

        clinic.execute("delete from crm_pipelines");
        passMakesEqual();
    }

    @Test
    @Rule("4.2.5")
    void aUniqueValueExchangedInOneStepIsExplainedAndStopsOnlyItself() throws InterruptedException {
        start("alter table branches add constraint name_once unique (name) deferrable", CloudMode.REST);
        clinic.execute(
                """
                update branches set name = case name when 'a' then 'b' else 'a' end;
                insert into branches (name, code) values ('c', 'tres')
                """);

        assertEquals(ExitCode.FINDINGS, service.pass().exitCode());

        await().untilAsserted(() -> {
            assertEquals(2, reasons("23505").size());
            assertTrue(
                    reasons("23505").stream().allMatch(reason -> reason.toString()
                            .startsWith("it and another row exchanged a unique value in one step")),
                    () -> reasons("23505").toString());
        });
        assertEquals(3, lab.cloud().count("branches"));

        clinic.execute("update branches set name = 'z' where code = 'uno'");
        passMakesEqual();
    }
}
