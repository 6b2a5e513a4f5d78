package com.centrovision.sync.conflicts;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.centrovision.sync.demo.Fault;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.SharedLab;
import com.centrovision.sync.testing.Sides;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Protocol 4.4: both sides changed a row; the later one wins and both versions are kept. */
class ConflictIT {
    private static final String ROW = "00000000-0000-0000-0000-0000000000c1";

    private final Lab lab = SharedLab.get();
    private LabDatabase clinic;
    private ClinicService service;

    @BeforeEach
    void oneCommonRow() throws InterruptedException {
        lab.resetCloud();
        clinic = lab.newClinic();
        lab.cloud()
                .execute("insert into crm_leads (id, name, phone, source, updated_at) values ('" + ROW
                        + "', 'base', '1', 'web', now() - interval '1 day')");
        service = ClinicService.onDemand(lab, clinic);
        assertEquals(ExitCode.OK, service.pass().exitCode());
        lab.gateway().fault(Fault.refuse());
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private void lineReturns() throws InterruptedException {
        lab.gateway().heal();
        passUntilEqual();
        Sides.of(lab, clinic).assertEqual();
    }

    private void passUntilEqual() throws InterruptedException {
        await().atMost(Duration.ofSeconds(30)).until(service::isOpen);
        for (int pass = 0; pass < 5 && service.pass().exitCode() != ExitCode.OK; pass++) {
            await().atMost(Duration.ofSeconds(30)).until(service::isOpen);
        }
    }

    private List<Map<String, Object>> conflicts() {
        return clinic.query(
                """
                select kind, winner, base ->> 'name' as base, local_data ->> 'name' as local,
                  remote_data ->> 'name' as remote, resolved_at is not null as resolved
                from _conflicts
                order by id
                """);
    }

    private static Map<String, Object> conflict(String kind, String winner, Object base, Object local, Object remote) {
        var conflict = new HashMap<String, Object>();
        conflict.put("kind", kind);
        conflict.put("winner", winner);
        conflict.put("base", base);
        conflict.put("local", local);
        conflict.put("remote", remote);
        conflict.put("resolved", true);
        return conflict;
    }

    private Object name() {
        return lab.cloud()
                .value("select name from crm_leads where id = '" + ROW + "'")
                .orElse("gone");
    }

    @Test
    void theClinicsLaterEditWins() throws InterruptedException {
        lab.cloud().execute("update crm_leads set name = 'nube', phone = '2'");
        clinic.execute("update crm_leads set name = 'clínica'");

        lineReturns();

        assertEquals(List.of(conflict("update_update", "local", "base", "clínica", "nube")), conflicts());
        assertEquals("clínica", name());
    }

    @Test
    void theCloudsLaterEditWins() throws InterruptedException {
        clinic.execute("update crm_leads set name = 'clínica'");
        lab.cloud().execute("update crm_leads set name = 'nube'");

        lineReturns();

        assertEquals(List.of(conflict("update_update", "remote", "base", "clínica", "nube")), conflicts());
        assertEquals("nube", name());
    }

    @Test
    void theSameEditOnBothSidesIsNoConflict() throws InterruptedException {
        clinic.execute("update crm_leads set name = 'igual'");
        lab.cloud().execute("update crm_leads set name = 'igual', phone = '3'");

        lineReturns();

        assertEquals(List.of(), conflicts());
    }

    @Test
    void aRowThatTheCloudDeletedAndTheClinicEditedIsInsertedAgain() throws InterruptedException {
        clinic.execute("update crm_leads set name = 'clínica'");
        lab.cloud().execute("delete from crm_leads");

        lineReturns();

        assertEquals(List.of(conflict("update_delete", "local", "base", "clínica", null)), conflicts());
        assertEquals("clínica", name());
    }

    @Test
    void aRowThatTheClinicDeletedAndTheCloudEditedLaterComesBack() throws InterruptedException {
        clinic.execute("delete from crm_leads");
        lab.cloud().execute("update crm_leads set name = 'nube'");

        lineReturns();

        assertEquals(List.of(conflict("delete_update", "remote", "base", null, "nube")), conflicts());
        assertEquals("nube", name());
    }

    @Test
    void aRowThatTheCloudEditedAndTheClinicDeletedLaterIsDeleted() throws InterruptedException {
        lab.cloud().execute("update crm_leads set name = 'nube'");
        clinic.execute("delete from crm_leads");

        lineReturns();

        assertEquals(List.of(conflict("delete_update", "local", "base", null, "nube")), conflicts());
        assertEquals("gone", name());
    }

    @Test
    void aRowThatBothSidesDeletedIsNoConflict() throws InterruptedException {
        lab.cloud().execute("delete from crm_leads");
        clinic.execute("delete from crm_leads");

        lineReturns();

        assertEquals(List.of(), conflicts());
    }

    @Test
    void anEditThatMovesNoStampIsSeenAllTheSame() throws InterruptedException {
        lab.cloud()
                .execute(
                        """
                        set session_replication_role = replica;
                        update crm_leads set name = 'nube';
                        set session_replication_role = default
                        """);
        clinic.execute("update crm_leads set phone = '9'");

        lineReturns();

        assertEquals(List.of(conflict("update_update", "local", "base", "base", "nube")), conflicts());
    }

    @Test
    void theLoserOfAConflictIsKeptWhenTheAnswersAreLost() throws InterruptedException {
        lab.cloud().execute("update crm_leads set name = 'nube'");
        clinic.execute("update crm_leads set name = 'clínica'");
        lab.gateway().heal();
        lab.gateway().fault(Fault.loseAnswer().matching("PATCH", "").times(2));

        passUntilEqual();

        Sides.of(lab, clinic).assertEqual();
        assertEquals(List.of(conflict("update_update", "local", "base", "clínica", "nube")), conflicts());
    }
}
