package com.centrovision.sync.reconcile;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.centrovision.sync.config.CloudMode;
import com.centrovision.sync.config.Config;
import com.centrovision.sync.demo.Fault;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.pass.PassResult;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.runtime.SyncService;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.ConfigWith;
import com.centrovision.sync.testing.Rule;
import com.centrovision.sync.testing.ServiceHome;
import com.centrovision.sync.testing.SharedLab;
import com.centrovision.sync.testing.Sides;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Protocol 3.4 and 3.5: hard deletes, versions that went astray and a restored cloud are found by comparing keys. */
class ReconcileIT {
    private static final String LEAD = "00000000-0000-0000-0000-%012d";

    private final Lab lab = SharedLab.get();
    private LabDatabase clinic;
    private ServiceHome home;
    private ClinicService service;

    @TempDir
    private Path folder;

    @BeforeEach
    void leadsOnBothSides() throws IOException, InterruptedException {
        lab.resetCloud();
        clinic = lab.newClinic();
        home = ServiceHome.in(folder);
        home.table("crm_leads");
        lab.cloud()
                .execute(
                        """
                        insert into crm_leads (id, name, updated_at)
                        select format('00000000-0000-0000-0000-%s', lpad(i::text, 12, '0'))::uuid, 'n',
                          now() - interval '30 days' + i * interval '1 minute'
                        from generate_series(1, 200) i
                        """);
        start(ClinicService.config(lab, clinic), SyncService.Mode.ON_DEMAND);
        passMakesEqual();
        lab.gateway().clearLog();
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private void start(Config config, SyncService.Mode mode) {
        service = ClinicService.start(folder, config, mode);
    }

    private void passIsFine() throws InterruptedException {
        var result = service.pass();
        assertEquals(ExitCode.OK, result.exitCode(), result::toString);
    }

    private void passMakesEqual() throws InterruptedException {
        passIsFine();
        Sides.of(lab, clinic).assertEqual("crm_leads");
    }

    /** Comes due as if the last comparison had been before the last night. */
    private void nightComes() {
        clinic.execute(
                "update _sync_metadata set loaded_at = now() - interval '3 days', compared_at = now() - interval '2 days'");
    }

    private void cloudWithoutTriggers(String sql) {
        lab.cloud().execute("begin; set local session_replication_role = replica; " + sql + "; commit");
    }

    private void clinicWithoutTriggers(String sql) {
        clinic.execute("begin; set local session_replication_role = replica; " + sql + "; commit");
    }

    /** Every row that is deleted in the clinic from now on, by whomever. */
    private void watchDeletions() {
        clinic.execute(
                """
                create table deletion (id uuid);
                create function note_deletion() returns trigger language plpgsql as
                  $$ begin insert into public.deletion values (old.id); return null; end $$;
                create trigger note_deletion after delete on crm_leads for each row execute function note_deletion();
                alter table crm_leads enable always trigger note_deletion
                """);
    }

    private List<Object> deletions() {
        return clinic.query("select id::text from deletion").stream()
                .map(row -> row.get("id"))
                .toList();
    }

    private long comparisons() {
        return lab.gateway().requests().stream()
                .filter(request -> request.path().contains("xmin&order"))
                .count();
    }

    @Test
    @Rule({"3.4.1", "1.2"})
    void aRowDeletedInTheCloudIsDeletedInTheClinic() throws InterruptedException {
        lab.cloud()
                .execute("delete from crm_leads where id in ('" + LEAD.formatted(1) + "', '" + LEAD.formatted(200)
                        + "')");

        passMakesEqual();

        assertEquals(198, clinic.count("crm_leads"));
        assertEquals(0, clinic.count("_conflicts"));
    }

    @Test
    @Rule("3.4.1")
    void equalCountsAreNotCompared() throws InterruptedException {
        clinic.execute("insert into crm_leads (name) values ('nueva')");
        passMakesEqual();

        assertEquals(0, comparisons());
    }

    @Test
    @Rule("3.4.4")
    void manyDeletionsWaitForAPerson() throws InterruptedException {
        lab.cloud().execute("delete from crm_leads where id <= '" + LEAD.formatted(11) + "'");

        var refused = service.pass();

        assertEquals(Map.of("crm_leads", 11L), refused.refused());
        assertEquals(ExitCode.FINDINGS, refused.exitCode());
        assertEquals(200, clinic.count("crm_leads"));
        assertEquals(ExitCode.OK, service.pass(Set.of("crm_leads")).exitCode());
        Sides.of(lab, clinic).assertEqual("crm_leads");
    }

    @Test
    @Rule("3.4.4")
    void refusedDeletionsAreForgottenWhenTheRowsComeBack() throws InterruptedException {
        lab.cloud().execute("create table saved as select * from crm_leads where id <= '" + LEAD.formatted(11) + "'");
        try {
            lab.cloud().execute("delete from crm_leads where id <= '" + LEAD.formatted(11) + "'");
            service.pass();

            cloudWithoutTriggers("insert into crm_leads select * from saved");

            passMakesEqual();
        } finally {
            lab.cloud().execute("drop table saved");
        }
    }

    @Test
    @Rule("3.4.4")
    void anEmptyCloudDeletesNothing() throws InterruptedException {
        lab.cloud().execute("delete from crm_leads where id > '" + LEAD.formatted(3) + "'");
        service.pass(Set.of("crm_leads"));
        lab.cloud().execute("delete from crm_leads");

        assertEquals(Map.of("crm_leads", 3L), service.pass().refused());

        assertEquals(3, clinic.count("crm_leads"));
    }

    @Test
    @Rule("3.4.3")
    void aRowThatTheClinicChangedIsNotDeleted() throws InterruptedException {
        clinic.execute("update crm_leads set name = 'clínica' where id = '" + LEAD.formatted(7) + "'");
        lab.cloud().execute("delete from crm_leads where id = '" + LEAD.formatted(7) + "'");

        passMakesEqual();

        assertEquals(200, clinic.count("crm_leads"));
        assertEquals(
                "update_delete", clinic.value("select kind from _conflicts").orElseThrow());
    }

    @Test
    @Rule("3.4.3")
    void aRowThatIsPushedWhileThePageIsReadStays() {
        watchDeletions();
        service.close();
        lab.gateway().fault(Fault.holdRequest().matching("POST", "").times(1));
        lab.gateway().fault(Fault.holdAnswer().matching("GET", "xmin&order").times(1));
        lab.cloud().execute("delete from crm_leads where id = '" + LEAD.formatted(9) + "'");
        clinic.execute("insert into crm_leads (id, name) values ('" + LEAD.formatted(0) + "', 'a tiempo')");

        start(
                ClinicService.withMode(withComparisonsEvery(Duration.ofSeconds(1)), CloudMode.REST),
                SyncService.Mode.CONTINUOUS);
        await().until(() -> lab.gateway().held() == 2);
        lab.gateway().heal();

        await().untilAsserted(() -> Sides.of(lab, clinic).assertEqual("crm_leads"));
        assertEquals(List.of(LEAD.formatted(9)), deletions());
    }

    private Config withComparisonsEvery(Duration duration) {
        return ConfigWith.parts(ClinicService.config(lab, clinic), new Config.Reconcile(duration, 2, 50, 5));
    }

    @Test
    @Rule("3.4.3")
    void aRowThatIsBackWhenTheCloudIsAskedAgainStays() {
        watchDeletions();
        lab.cloud().execute("delete from crm_leads where id = '" + LEAD.formatted(9) + "'");
        lab.gateway()
                .fault(Fault.holdRequest()
                        .matching("GET", "select=id&order.*in\\.")
                        .times(1));
        var pass = CompletableFuture.supplyAsync(this::passUnchecked);
        await().until(() -> lab.gateway().held() == 1);

        lab.cloud().execute("insert into crm_leads (id, name) values ('" + LEAD.formatted(9) + "', 'otra vez')");
        lab.gateway().heal();
        var result = pass.join();

        assertEquals(ExitCode.OK, result.exitCode(), result::toString);
        Sides.of(lab, clinic).assertEqual("crm_leads");
        assertEquals(List.of(), deletions());
    }

    private PassResult passUnchecked() {
        try {
            return service.pass();
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    @Test
    @Rule("3.2.9")
    void whatAPortalAnswersDeletesNothing() throws InterruptedException {
        lab.cloud().execute("delete from crm_leads where id = '" + LEAD.formatted(9) + "'");
        lab.gateway().fault(Fault.captivePortal().matching("*", "xmin&order|sync_pull"));

        var result = service.pass();

        assertEquals(200, clinic.count("crm_leads"), result::toString);
    }

    @Test
    @Rule("3.2.1")
    void pagesThatTheServerCutsShortDeleteNothing() throws InterruptedException {
        lab.limitRows(7);
        lab.cloud().execute("delete from crm_leads where id = '" + LEAD.formatted(100) + "'");

        passMakesEqual();

        assertEquals(199, clinic.count("crm_leads"));
    }

    @Test
    @Rule("3.4.1")
    void aRowStampedLongAgoIsFound() throws InterruptedException {
        lab.cloud().execute("insert into crm_leads (name, updated_at) values ('importada', now() - interval '1 year')");

        passMakesEqual();
    }

    @Test
    @Rule("3.4.2")
    void theNightFindsStampsThatWentBackOrBecameNull() throws InterruptedException {
        cloudWithoutTriggers(
                "update crm_leads set name = 'atrás', updated_at = updated_at - interval '1 day' where id = '"
                        + LEAD.formatted(5) + "'");
        cloudWithoutTriggers(
                "update crm_leads set name = 'nulo', updated_at = null where id = '" + LEAD.formatted(6) + "'");
        nightComes();

        passMakesEqual();

        assertEquals(
                "nulo",
                clinic.value("select name from crm_leads where updated_at is null")
                        .orElseThrow());
    }

    @Test
    @Rule("3.4.2")
    void theNightsFindAnEditThatMovedNoStamp() throws InterruptedException {
        nightComes();
        passMakesEqual();
        cloudWithoutTriggers("update crm_leads set name = 'sin sello' where id = '" + LEAD.formatted(5) + "'");
        nightComes();

        passMakesEqual();
    }

    @Test
    @Rule("3.5.2")
    void aRestoredCloudOverwritesNothingUntilAPersonSaysSo() throws InterruptedException {
        cloudWithoutTriggers("update crm_leads set name = 'vieja', updated_at = updated_at - interval '60 days'");
        nightComes();

        assertEquals(Map.of("crm_leads", 200L), service.pass().refused());
        lab.cloud().execute("update crm_leads set name = 'editada' where id = '" + LEAD.formatted(5) + "'");
        assertEquals(Map.of("crm_leads", 199L), service.pass().refused());

        assertEquals(200, clinic.query("select from crm_leads where name = 'n'").size());
        var accepted = service.pass(Set.of("crm_leads"));
        assertEquals(ExitCode.OK, accepted.exitCode(), accepted::toString);
        Sides.of(lab, clinic).assertEqual("crm_leads");
    }

    @Test
    @Rule("1.2")
    void manyRowsThatTheClinicLacksComeInOnePass() throws InterruptedException {
        clinicWithoutTriggers("delete from crm_leads where id <= '" + LEAD.formatted(150) + "'");
        clinicWithoutTriggers("update crm_leads set updated_at = null where id = '" + LEAD.formatted(160) + "'");

        passMakesEqual();
    }

    @Test
    @Rule("3.4.1")
    void theRunningServiceFindsDeletionsByItself() {
        service.close();
        start(withComparisonsEvery(Duration.ofSeconds(2)), SyncService.Mode.CONTINUOUS);
        lab.cloud().execute("delete from crm_leads where id = '" + LEAD.formatted(3) + "'");

        await().untilAsserted(() -> Sides.of(lab, clinic).assertEqual("crm_leads"));
    }

    @Test
    @Rule("3.5.2")
    void theClinicsRowsGoUpToARestoredCloudWhenTheyAreTouched() throws InterruptedException {
        cloudWithoutTriggers("update crm_leads set name = 'vieja', updated_at = updated_at - interval '60 days';"
                + "delete from crm_leads where id <= '" + LEAD.formatted(20) + "'");
        nightComes();
        assertEquals(Map.of("crm_leads", 180L), service.pass().refused());

        clinic.execute("update crm_leads set updated_at = now()");

        service.pass();
        passMakesEqual();
        assertEquals(
                200, lab.cloud().query("select from crm_leads where name = 'n'").size());
        assertEquals(200, clinic.count("_conflicts"));
    }

    @Test
    @Rule("3.4.5")
    void rowsThatLeaveTheFilterLeaveTheClinicAndNoOther() throws IOException, InterruptedException {
        service.close();
        clinic = lab.newClinic();
        home.table("crm_leads", "filter", "source=eq.web");
        lab.cloud().execute("update crm_leads set source = 'web' where id <= '" + LEAD.formatted(100) + "'");
        start(ClinicService.config(lab, clinic), SyncService.Mode.ON_DEMAND);
        passIsFine();

        lab.cloud().execute("update crm_leads set source = 'calle' where id <= '" + LEAD.formatted(2) + "'");

        passIsFine();
        assertEquals(98, clinic.count("crm_leads"));
        assertEquals(0, clinic.count("_sync_suspect"));
        assertEquals(200, lab.cloud().count("crm_leads"));
    }
}
