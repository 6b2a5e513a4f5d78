package com.centrovision.sync.down;

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
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Protocol 3.2 and 3.5: columns that one side lacks, and columns that appear on both. */
class NewColumnIT {
    private static final String ADD = "alter table crm_leads add column if not exists alias text";
    private static final String ROWS = "select name, alias from crm_leads order by name";

    private final Lab lab = SharedLab.get();
    private LabDatabase clinic;

    @TempDir
    private Path folder;

    @BeforeAll
    static void runTheFile() {
        CloudFile.install(SharedLab.get());
    }

    @AfterAll
    static void leaveTheCloudAsItWas() {
        CloudFile.restore(SharedLab.get());
    }

    @BeforeEach
    void leads() throws IOException {
        lab.resetCloud();
        clinic = lab.newClinic();
        ServiceHome.in(folder).table("crm_leads");
        lab.cloud()
                .execute("insert into crm_leads (name, updated_at) select 'n' || i, now() - interval '9 days' "
                        + "from generate_series(1, 3) i");
    }

    @AfterEach
    void withoutTheColumn() {
        lab.cloud().execute("alter table crm_leads drop column if exists alias");
        lab.reloadCloudSchema();
    }

    private void pass() throws InterruptedException {
        pass(CloudMode.REST);
    }

    private void pass(CloudMode way) throws InterruptedException {
        var config = ClinicService.withMode(ClinicService.config(lab, clinic), way);
        try (var service = ClinicService.start(folder, config, SyncService.Mode.ON_DEMAND)) {
            var result = service.pass();
            assertEquals(ExitCode.OK, result.exitCode(), result::toString);
        }
    }

    private void cloudAddsTheColumn(String values) {
        lab.cloud()
                .execute("begin; set local session_replication_role = replica; " + ADD
                        + "; update crm_leads set alias = " + values + "; commit");
        lab.reloadCloudSchema();
    }

    private static Map<String, Object> row(String name, Object alias) {
        var row = new HashMap<String, Object>();
        row.put("name", name);
        row.put("alias", alias);
        return row;
    }

    @Test
    @Rule("3.5.3")
    void aColumnThatTheClinicGetsLaterIsFilledForOldRows() throws InterruptedException {
        cloudAddsTheColumn("'de ' || name");
        pass();
        clinic.execute(ADD);

        pass();

        assertEquals(List.of(row("n1", "de n1"), row("n2", "de n2"), row("n3", "de n3")), clinic.query(ROWS));
        assertEquals(0, clinic.count("_sync_pending"));
    }

    @ParameterizedTest
    @EnumSource(names = {"REST", "ASSISTED"})
    @Rule("3.5.3")
    void whatTheClinicWroteIntoAColumnBeforeTheCloudHadItGoesUp(CloudMode way) throws InterruptedException {
        clinic.execute(ADD);
        pass(way);
        clinic.execute("update crm_leads set alias = 'local ' || name where name <> 'n3'");
        pass(way);
        cloudAddsTheColumn("case name when 'n3' then 'nube n3' end");

        pass(way);

        var both = List.of(row("n1", "local n1"), row("n2", "local n2"), row("n3", "nube n3"));
        assertEquals(both, lab.cloud().query(ROWS));
        assertEquals(both, clinic.query(ROWS));
        assertEquals(0, clinic.count("_conflicts"));
    }

    @ParameterizedTest
    @EnumSource(names = {"REST", "ASSISTED"})
    @Rule("3.5.3")
    void whereBothSidesHaveAValueInANewColumnBothAreKept(CloudMode way) throws InterruptedException {
        clinic.execute(ADD);
        pass(way);
        clinic.execute("update crm_leads set alias = 'local ' || name where name = 'n1'");
        pass(way);
        lab.cloud().execute(ADD);
        lab.reloadCloudSchema();
        lab.cloud().execute("update crm_leads set alias = 'nube n1' where name = 'n1'");

        pass(way);

        assertEquals(row("n1", "nube n1"), clinic.query(ROWS).get(0));
        assertEquals(
                List.of(Map.of("local", "local n1", "remote", "nube n1")),
                clinic.query(
                        "select local_data ->> 'alias' as local, remote_data ->> 'alias' as remote from _conflicts"));
    }

    @ParameterizedTest
    @EnumSource(names = {"REST", "ASSISTED"})
    @Rule("3.5.3")
    void whatTheClinicWroteStaysWhileTheServiceDoesNotKnowYetThatTheCloudHasTheColumn(CloudMode way)
            throws InterruptedException {
        clinic.execute(ADD);
        var config = ClinicService.withMode(ClinicService.config(lab, clinic), way);
        try (var service = ClinicService.start(folder, config, SyncService.Mode.ON_DEMAND)) {
            service.pass();
            clinic.execute("update crm_leads set alias = 'local ' || name where name <> 'n3'");
            service.pass();
            lab.cloud().execute(ADD);
            lab.reloadCloudSchema();
            lab.cloud().execute("update crm_leads set phone = '9'");
            service.pass();
            clinic.execute("update crm_leads set source = 'web' where name = 'n1'");
            service.pass();
            assertEquals(List.of(row("n1", "local n1"), row("n2", "local n2"), row("n3", null)), clinic.query(ROWS));
        }

        pass(way);

        assertEquals(lab.cloud().query(ROWS), clinic.query(ROWS));
        assertEquals(List.of(row("n1", "local n1"), row("n2", "local n2"), row("n3", null)), clinic.query(ROWS));
    }

    @Test
    @Rule("3.5.3")
    void aPassThatWasUnderWayWhenTheColumnWasLearntDoesNotEndItsFilling() throws InterruptedException {
        pass();
        var began = clinic.value("select clock_timestamp()::text").orElseThrow();
        cloudAddsTheColumn("'de ' || name");
        clinic.execute(ADD);
        clinic.execute("select sync_learn_table('crm_leads', array_agg(column_name::text)) "
                + "from information_schema.columns where table_name = 'crm_leads'");

        clinic.execute("select sync_end_pass('crm_leads', true, '', '" + began + "')");

        pass();
        assertEquals(List.of(row("n1", "de n1"), row("n2", "de n2"), row("n3", "de n3")), clinic.query(ROWS));
    }

    @Test
    @Rule("3.2.8")
    void aColumnThatOnlyTheCloudHasStopsNothing() throws InterruptedException {
        cloudAddsTheColumn("'x'");

        pass();

        assertEquals(3, clinic.count("crm_leads"));
    }

    @Test
    @Rule("3.2.8")
    void aRequiredColumnThatOnlyTheClinicHasQuarantinesWithWords() throws InterruptedException {
        clinic.execute("alter table crm_leads add column folio text not null");
        try (var service = ClinicService.start(folder, ClinicService.config(lab, clinic), SyncService.Mode.ON_DEMAND)) {
            assertEquals(3, service.pass().quarantined());

            assertEquals(
                    List.of("a column that only the clinic's table has is required, and the cloud has no value for it: "
                            + "give the column a default, or let it be empty (column folio)"),
                    clinic.query("select distinct reason from _sync_quarantine where direction = 'DOWN'").stream()
                            .map(row -> row.get("reason"))
                            .toList());

            clinic.execute("alter table crm_leads alter folio set default 'F'");
            assertEquals(ExitCode.OK, service.pass().exitCode());
            assertEquals(0, clinic.count("_sync_quarantine"));
        }
    }
}
