package com.centrovision.sync.down;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.centrovision.sync.config.CloudMode;
import com.centrovision.sync.demo.Fault;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.pass.PassResult;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.runtime.SyncService;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.Rule;
import com.centrovision.sync.testing.ServiceHome;
import com.centrovision.sync.testing.SharedLab;
import com.centrovision.sync.testing.Sides;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Protocol 3.3: a page that was read before a change of the clinic must not undo it. */
class ApplyIT {
    private static final String LEAD = "00000000-0000-0000-0000-0000000000a1";

    private final Lab lab = SharedLab.get();
    private LabDatabase clinic;
    private ClinicService service;

    @TempDir
    private Path folder;

    @BeforeEach
    void oneLeadWhoseHistoryIsKept() throws IOException, InterruptedException {
        lab.resetCloud();
        clinic = lab.newClinic();
        ServiceHome.in(folder).table("crm_leads");
        lab.cloud()
                .execute("insert into crm_leads (id, name, updated_at) values ('" + LEAD
                        + "', 'base', now() - interval '1 hour')");
        var config = ClinicService.withMode(ClinicService.config(lab, clinic), CloudMode.REST);
        service = ClinicService.start(folder, config, SyncService.Mode.ON_DEMAND);
        assertEquals(ExitCode.OK, service.pass().exitCode());
        clinic.execute(
                """
                create table history (id serial, name text);
                create function note_history() returns trigger language plpgsql as
                  $$ begin insert into public.history (name) values (new.name); return null; end $$;
                create trigger note_history after insert or update of name on crm_leads
                  for each row when (pg_trigger_depth() < 2) execute function note_history();
                alter table crm_leads enable always trigger note_history
                """);
    }

    @AfterEach
    void stop() {
        lab.gateway().heal();
        service.close();
    }

    /** Starts a pass whose page has been read in the cloud and has not arrived here yet. */
    private CompletableFuture<PassResult> passWithAPageOnItsWay() {
        lab.gateway()
                .fault(Fault.holdAnswer()
                        .matching("GET", "crm_leads\\?select=\\*&order=updated_at")
                        .times(1));
        var pass = CompletableFuture.supplyAsync(() -> {
            try {
                return service.pass();
            } catch (InterruptedException stopped) {
                throw new IllegalStateException(stopped);
            }
        });
        await().until(() -> lab.gateway().held() == 1);
        return pass;
    }

    private List<Object> names() {
        return clinic.query("select name from history order by id").stream()
                .map(row -> row.get("name"))
                .distinct()
                .toList();
    }

    @Test
    @Rule("3.3.3")
    void aPageAskedForBeforeAPushDoesNotUndoThePush() {
        lab.cloud().execute("update crm_leads set name = 'nube'");
        var pass = passWithAPageOnItsWay();
        clinic.execute("update crm_leads set name = 'clínica'");
        await().until(() ->
                clinic.query("select from _sync_pending where not synced").isEmpty());

        lab.gateway().heal();
        pass.join();

        Sides.of(lab, clinic).assertEqual("crm_leads");
        assertEquals(List.of("clínica"), names());
        assertEquals(
                "nube",
                clinic.value("select remote_data ->> 'name' from _conflicts").orElseThrow());
    }

    @Test
    @Rule({"3.3.2", "2.4"})
    void anEditThatIsNotCommittedYetIsNeitherWaitedForNorOverwritten() throws Exception {
        lab.cloud().execute("update crm_leads set name = 'nube'");
        try (var application = clinic.connect()) {
            application.setAutoCommit(false);
            try (var edit = application.createStatement()) {
                edit.execute("update crm_leads set name = 'clínica'");
            }

            service.pass();

            assertEquals(1, clinic.query("select from _sync_revisit").size());
            application.commit();
        }
        service.pass();

        Sides.of(lab, clinic).assertEqual("crm_leads");
        assertEquals(1, clinic.count("_conflicts"));
        assertEquals(List.of("clínica"), names());
    }

    @Test
    @Rule("3.3.2")
    void aRowDeletedWhileItsPageIsOnItsWayIsNotInsertedAgain() {
        lab.cloud().execute("update crm_leads set phone = '1'");
        var pass = passWithAPageOnItsWay();
        clinic.execute("begin; set local lock_timeout = '5s'; delete from crm_leads; commit");

        lab.gateway().heal();
        pass.join();

        Sides.of(lab, clinic).assertEqual("crm_leads");
        assertEquals(1, clinic.count("_conflicts"));
    }
}
