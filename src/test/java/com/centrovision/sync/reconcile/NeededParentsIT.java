package com.centrovision.sync.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.centrovision.sync.config.CloudMode;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.runtime.SyncService;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.CloudFile;
import com.centrovision.sync.testing.Rule;
import com.centrovision.sync.testing.ServiceHome;
import com.centrovision.sync.testing.SharedLab;
import com.centrovision.sync.testing.Sides;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Protocol 3.4.6: what the cloud has deleted stays in the clinic as long as a row that waits there refers to it. */
class NeededParentsIT {
    private static final String ID = "00000000-0000-0000-0000-%012d";
    private static final String[] TABLES = {"crm_pipelines", "crm_pipeline_stages", "crm_leads", "inventory_categories"
    };
    private static final Lab LAB = SharedLab.get();

    private LabDatabase clinic;
    private ClinicService service;

    @TempDir
    private Path folder;

    @BeforeAll
    static void runTheFile() {
        CloudFile.install(LAB);
    }

    @AfterAll
    static void leaveAsFound() {
        CloudFile.restore(LAB);
    }

    @BeforeEach
    void oneStageOfAPipelineWithLeads() {
        LAB.resetCloud();
        clinic = LAB.newClinic();
        LAB.cloud()
                .execute(
                        """
                        insert into crm_pipelines (id, name) values ('%1$s', 'embudo'), ('%2$s', 'otro');
                        insert into crm_pipeline_stages (id, pipeline_id, name, position)
                        values ('%1$s', '%1$s', 'etapa', 1), ('%2$s', '%2$s', 'otra', 1);
                        insert into crm_leads (id, stage_id, name)
                        select format('00000000-0000-0000-0000-%%s', lpad(i::text, 12, '0'))::uuid,
                          case when i <= 60 then '%1$s'::uuid end, 'n'
                        from generate_series(1, 200) i
                        """
                                .formatted(ID.formatted(1), ID.formatted(2)));
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private void start(CloudMode way, String... manual) throws IOException, InterruptedException {
        var home = ServiceHome.in(folder);
        var held = Set.of(manual);
        for (var table : TABLES) {
            home.table(table, "conflicts", held.contains(table) ? "manual" : "last-write-wins");
        }
        var config = ClinicService.withMode(ClinicService.config(LAB, clinic), way);
        service = ClinicService.start(folder, config, SyncService.Mode.ON_DEMAND);
        service.pass();
        passMakesEqual();
        var fed = way == CloudMode.ASSISTED ? TABLES.length : 0;
        assertEquals(fed, clinic.count("_sync_metadata where fed_alone"));
    }

    private void passMakesEqual(String... accepted) throws InterruptedException {
        var result = service.pass(Set.of(accepted));
        assertEquals(ExitCode.OK, result.exitCode(), result::toString);
        Sides.of(LAB, clinic).assertEqual(TABLES);
    }

    private void theCloudDeletesThePipeline() throws InterruptedException {
        LAB.cloud().execute("update crm_leads set stage_id = null; delete from crm_pipelines where name = 'embudo'");
        service.pass();
        service.pass();
    }

    private void nothingRefersToNothing() {
        assertEquals(
                List.of(),
                clinic.query(
                        """
                        select 'lead ' || id as row from crm_leads
                        where stage_id is not null and stage_id not in (select id from crm_pipeline_stages)
                        union all
                        select 'stage ' || id from crm_pipeline_stages
                        where pipeline_id not in (select id from crm_pipelines)
                        """));
    }

    @ParameterizedTest
    @EnumSource(names = {"REST", "ASSISTED"})
    @Rule("3.4.6")
    void whatAHeldConflictRefersToStaysUntilAPersonDecides(CloudMode way) throws IOException, InterruptedException {
        start(way, "crm_leads");
        clinic.execute("update crm_leads set phone = '1' where id = '" + ID.formatted(3) + "'");
        theCloudDeletesThePipeline();

        assertEquals(1, clinic.count("_conflicts where resolved_at is null"));
        assertEquals(2, clinic.count("crm_pipeline_stages"));
        assertEquals(2, clinic.count("crm_pipelines"));
        nothingRefersToNothing();

        settleAsInTheCloud("crm_leads");

        passMakesEqual();
    }

    @ParameterizedTest
    @EnumSource(names = {"REST", "ASSISTED"})
    @Rule({"3.4.6", "4.4.8"})
    void whatAPersonLeavesDeletedStaysAsLongAsAnotherHeldRowRefersToIt(CloudMode way)
            throws IOException, InterruptedException {
        start(way, "crm_leads", "crm_pipeline_stages");
        clinic.execute("update crm_leads set phone = '1' where id = '" + ID.formatted(3) + "';"
                + "update crm_pipeline_stages set position = 7 where name = 'etapa'");
        theCloudDeletesThePipeline();
        assertEquals(2, clinic.count("_conflicts where resolved_at is null"));

        settleAsInTheCloud("crm_pipeline_stages");
        service.pass();

        assertEquals(0, clinic.count("_sync_pending where not synced and table_name = 'crm_pipeline_stages'"));
        assertEquals(1, clinic.count("crm_pipeline_stages where name = 'etapa'"));
        nothingRefersToNothing();

        settleAsInTheCloud("crm_leads");
        service.pass();
        passMakesEqual();
    }

    private void settleAsInTheCloud(String table) {
        assertEquals(
                1,
                clinic.query(
                                "select sync_settle(id, 'remote', 'prueba', null, null)::text from _conflicts where table_name = ?",
                                table)
                        .size());
    }

    @ParameterizedTest
    @EnumSource(names = {"REST", "ASSISTED"})
    @Rule("3.4.6")
    void whatANewRowRefersToStaysAndGoesUpAgainWhenItIsTouched(CloudMode way) throws IOException, InterruptedException {
        start(way, "crm_leads");
        clinic.execute("insert into crm_leads (stage_id, name) values ('" + ID.formatted(1) + "', 'nueva')");
        theCloudDeletesThePipeline();

        assertEquals(1, clinic.count("_sync_pending where not synced"));
        nothingRefersToNothing();

        clinic.execute("update crm_pipelines set name = 'sigue' where name = 'embudo';"
                + "update crm_pipeline_stages set name = 'sigue' where name = 'etapa'");
        service.pass();
        passMakesEqual();
        assertEquals(1, LAB.cloud().count("crm_leads where name = 'nueva' and stage_id is not null"));
    }

    @ParameterizedTest
    @EnumSource(names = {"REST", "ASSISTED"})
    @Rule({"3.4.6", "3.4.4"})
    void whatManyDeletedRowsReferToWaitsForAPersonWithThem(CloudMode way) throws IOException, InterruptedException {
        start(way, "crm_leads");
        LAB.cloud()
                .execute("delete from crm_leads where stage_id is not null;"
                        + "delete from crm_pipelines where name = 'embudo'");

        assertEquals(Map.of("crm_leads", 60L), service.pass().refused());
        assertEquals(Map.of("crm_leads", 60L), service.pass().refused());
        assertEquals(200, clinic.count("crm_leads"));
        nothingRefersToNothing();

        passMakesEqual("crm_leads");
        assertEquals(1, clinic.count("crm_pipelines"));
    }

    @ParameterizedTest
    @EnumSource(names = {"REST", "ASSISTED"})
    @Rule({"3.4.6", "1.2"})
    void whatOnlyDeletedRowsReferToGoesWithThemInOnePass(CloudMode way) throws IOException, InterruptedException {
        LAB.cloud()
                .execute(
                        """
                        insert into inventory_categories (id, parent_id, name)
                        select format('00000000-0000-0000-0000-%s', lpad(i::text, 12, '0'))::uuid,
                          case when i > 1 then format('00000000-0000-0000-0000-%s', lpad((i / 2)::text, 12, '0'))::uuid end, 'n'
                        from generate_series(1, 200) i
                        """);
        start(way, "crm_leads");
        LAB.cloud()
                .execute("update crm_leads set stage_id = null; delete from crm_pipelines where name = 'embudo';"
                        + "delete from inventory_categories where id <> '" + ID.formatted(1) + "'");

        passMakesEqual("inventory_categories");

        assertEquals(1, clinic.count("inventory_categories"));
        assertEquals(0, clinic.count("_sync_suspect"));
    }
}
