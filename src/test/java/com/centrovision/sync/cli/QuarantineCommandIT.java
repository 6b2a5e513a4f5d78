package com.centrovision.sync.cli;

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
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Protocol 4.5: what a person sees of refused rows and does about them; giving one up keeps what was refused. */
@Rule({"4.5.4", "4.5.7"})
class QuarantineCommandIT {
    private static final String LEAD = "00000000-0000-0000-0000-0000000000f1";
    private static final String NEW = "00000000-0000-0000-0000-0000000000f2";
    private static final String THEIRS = "00000000-0000-0000-0000-0000000000f3";

    private final Lab lab = SharedLab.get();
    private LabDatabase clinic;
    private ClinicService service;
    private CliRun cli;

    @TempDir
    private Path home;

    @BeforeEach
    void bothSidesRefuseAName() throws InterruptedException, IOException {
        lab.resetCloud();
        lab.cloud().execute("insert into crm_leads (id, name, phone) values ('" + LEAD + "', 'Ana', '1')");
        clinic = lab.newClinic();
        cli = CliRun.of(home, lab, clinic);
        service = ClinicService.onDemand(lab, clinic, "crm_leads");
        assertEquals(ExitCode.OK, service.pass().exitCode());
        lab.cloud().execute("alter table crm_leads add constraint no_malo check (name <> 'Malo')");
        clinic.execute("alter table crm_leads add constraint no_mala check (name <> 'Mala')");
    }

    @AfterEach
    void stop() {
        service.close();
        lab.gateway().heal();
        lab.cloud().execute("alter table crm_leads drop constraint if exists no_malo");
        lab.cloud().execute("drop trigger if exists keep_leads on crm_leads; drop function if exists keep_leads()");
    }

    @Test
    void showsTriesAgainAndGivesUpWhatTheCloudRefuses() throws InterruptedException, IOException {
        assertEquals(0, cli.run("quarantine", "list"));
        assertEquals("No row is refused.", cli.out().strip());
        clinic.execute("update crm_leads set name = 'Malo', phone = '2' where id = '" + LEAD + "'");
        clinic.execute("insert into crm_leads (id, name) values ('" + NEW + "', 'Malo')");
        assertEquals(ExitCode.FINDINGS, service.pass().exitCode());
        service.close(); // or it tries again in between

        assertEquals(0, cli.run("quarantine", "list", "--json"), cli.all());
        assertEquals(2, cli.json().size(), cli.out());
        assertFalse(cli.out().contains("Malo"), cli.out());
        var refused = id(LEAD);
        assertEquals(0, cli.run("quarantine", "list"));
        assertTrue(cli.out().contains(refused + "  cloud       crm_leads  " + LEAD), cli.out());
        assertEquals(0, cli.run("quarantine", "show", refused));
        assertEquals(2, cli.out().split("23514", -1).length, cli.out());
        assertTrue(cli.out().contains("\"Malo\""), cli.out());
        assertEquals(0, cli.run("quarantine", "show", refused, "--json"));
        assertEquals(LEAD, cli.json().get("record_id").asText());

        assertEquals(0, cli.run("quarantine", "retry", refused, id(NEW)));
        assertEquals(2, clinic.count("_sync_pending where not synced and next_attempt_at is null"));
        assertRefused(1, "CV-QUARANTINE-01 ", "retry", refused, "99");
        assertRefused(1, "CV-QUARANTINE-01 ", "show", "99");
        assertRefused(1, "CV-QUARANTINE-01 ", "give-up", "99", "--yes", "--why", "x");
        assertRefused(2, "CV-START-02 ", "retry");
        assertRefused(2, "CV-START-02 ", "give-up", "x", "--yes", "--why", "x");
        assertRefused(2, "CV-START-02 --why is missing.", "give-up", refused, "--yes");
        assertRefused(2, "CV-START-02 Say why", "give-up", refused, "--yes", "--why", " ");
        assertRefused(2, "CV-START-02 ", "give-up", refused, "--why", "x");
        assertRefused(1, "CV-QUARANTINE-02 ", "give-up", id(NEW), "--yes", "--why", "x");
        clinic.execute("update crm_leads set phone = '5' where id = '" + LEAD + "'");
        assertRefused(1, "CV-QUARANTINE-06 ", "give-up", refused, "--yes", "--why", "x");
        service = ClinicService.onDemand(lab, clinic, "crm_leads");
        assertEquals(ExitCode.FINDINGS, service.pass().exitCode());
        service.close();
        cli.configure("http://127.0.0.1:1", lab.serviceKey(), clinic.port(), clinic);
        assertRefused(2, "CV-CLOUD-07 ", "give-up", refused, "--yes", "--why", "x");
        cli.configure(lab.supabaseUrl(), lab.serviceKey(), clinic.port(), clinic);
        lab.gateway().fault(Fault.refuse());
        assertRefused(3, "CV-CLOUD-", "give-up", refused, "--yes", "--why", "x");
        lab.gateway().heal();
        lab.cloud()
                .execute(
                        "update crm_leads set name = 'Mala', updated_at = clock_timestamp() where id = '" + LEAD + "'");
        assertRefused(1, "CV-QUARANTINE-07 ", "give-up", refused, "--yes", "--why", "x");
        assertEquals(2, clinic.count("_sync_quarantine"));
        assertEquals(3, clinic.count("_sync_pending where not synced"));
        assertEquals(0, clinic.count("_conflicts"));

        lab.cloud()
                .execute("update crm_leads set name = 'Ana', phone = '3', updated_at = clock_timestamp() where id = '"
                        + LEAD + "'");
        assertEquals(
                0,
                cli.run("quarantine", "give-up", refused, "--yes", "--by", "Dra. Paz", "--why", "es otra paciente"),
                cli.all());
        assertEquals(
                List.of(
                        Map.of("person", System.getProperty("user.name"), "reason", "x", "outcome", "only-clinic"),
                        Map.of("person", System.getProperty("user.name"), "reason", "x", "outcome", "moved"),
                        Map.of("person", "Dra. Paz", "reason", "es otra paciente", "outcome", "given-up")),
                clinic.query("select person, reason, outcome from _sync_audit where action = 'give-up' "
                        + "and address <> '' and table_name = 'crm_leads' order by id"));

        assertEquals(
                "Ana 3",
                clinic.value("select name || ' ' || phone from crm_leads where id = ?::uuid", LEAD)
                        .orElseThrow());
        assertEquals(
                1,
                clinic.count(
                        "_conflicts where kind = 'given_up' and resolved_by = 'Dra. Paz' and local_data ->> 'name' = 'Malo'"));
        clinic.execute("update crm_leads set name = 'Bueno' where id = '" + NEW + "'");
        lab.cloud().execute("alter table crm_leads drop constraint no_malo");
        service = ClinicService.onDemand(lab, clinic, "crm_leads");
        assertEquals(ExitCode.OK, service.pass().exitCode());
        Sides.of(lab, clinic).assertEqual("crm_leads");
        assertEquals(0, clinic.count("_sync_quarantine"));

        var conflict =
                clinic.value("select id::text from _conflicts").orElseThrow().toString();
        assertEquals(0, cli.run("conflicts", "list"), cli.all());
        assertTrue(cli.out().contains("a refused change was given up"), cli.out());
        assertEquals(0, cli.run("conflicts", "resolve", conflict, "--keep", "local"), cli.all());
        assertEquals(ExitCode.OK, service.pass().exitCode());
        assertEquals(1, lab.cloud().count("crm_leads where name = 'Malo'"));
    }

    @Test
    void whatTheClinicRefusesAndAPersonGaveUpStaysOnRecordUntilTheCloudChangesIt()
            throws InterruptedException, IOException {
        lab.cloud().execute("insert into crm_leads (id, name) values ('" + THEIRS + "', 'Mala')");
        assertEquals(ExitCode.FINDINGS, service.pass().exitCode());

        assertEquals(
                0,
                cli.run("quarantine", "give-up", id(THEIRS), "--yes", "--by", "Ana", "--why", "era una prueba"),
                cli.all());

        assertEquals(0, cli.run("quarantine", "list", "--json"));
        assertEquals(0, cli.json().size());
        assertEquals(0, cli.run("quarantine", "list", "--all"));
        assertTrue(cli.out().contains("given up by Ana on "), cli.out());
        assertTrue(cli.out().contains(": era una prueba"), cli.out());
        assertRefused(1, "CV-QUARANTINE-05 ", "give-up", id(THEIRS), "--yes", "--why", "x");
        assertEquals(0, service.pass().quarantined());
        assertEquals(1, clinic.count("_sync_quarantine where given_up_at is not null"));

        lab.cloud()
                .execute(
                        "update crm_leads set phone = '9', updated_at = clock_timestamp() where id = '" + THEIRS + "'");
        assertEquals(1, service.pass().quarantined());
        assertEquals(0, cli.run("quarantine", "give-up", id(THEIRS), "--yes", "--why", "x"));
        clinic.execute("alter table crm_leads drop constraint no_mala");
        assertEquals(0, cli.run("quarantine", "retry", id(THEIRS)));
        assertEquals(ExitCode.OK, service.pass().exitCode());
        Sides.of(lab, clinic).assertEqual("crm_leads");
    }

    @Test
    void aDeletionThatTheCloudRefusesAndAPersonGaveUpBringsTheRowBack() throws InterruptedException, IOException {
        lab.cloud()
                .execute(
                        """
                        create function keep_leads() returns trigger language plpgsql as
                        $$ begin raise exception 'it stays'; end $$;
                        create trigger keep_leads before delete on crm_leads for each row execute function keep_leads()
                        """);
        clinic.execute("delete from crm_leads where id = '" + LEAD + "'");
        assertEquals(ExitCode.FINDINGS, service.pass().exitCode());

        assertEquals(0, cli.run("quarantine", "give-up", id(LEAD), "--yes", "--why", "tiene citas"), cli.all());

        assertEquals(0, clinic.count("_sync_quarantine"));
        assertEquals(
                1,
                clinic.count(
                        "_conflicts where kind = 'given_up' and local_data is null and remote_data ->> 'name' = 'Ana'"));
        assertEquals(ExitCode.OK, service.pass().exitCode());
        assertEquals(1, clinic.count("crm_leads where name = 'Ana'"));
        Sides.of(lab, clinic).assertEqual("crm_leads");
        lab.cloud().execute("drop trigger keep_leads on crm_leads");
        var conflict =
                clinic.value("select id::text from _conflicts").orElseThrow().toString();
        assertEquals(0, cli.run("conflicts", "resolve", conflict, "--keep", "local"), cli.all());
        assertEquals(ExitCode.OK, service.pass().exitCode());
        assertEquals(0, lab.cloud().count("crm_leads"));
    }

    private String id(String row) {
        return clinic.value("select id::text from _sync_quarantine where record_id = ?::uuid", row)
                .orElseThrow()
                .toString();
    }

    private void assertRefused(int exitCode, String begin, String... command) {
        var whole = new String[command.length + 1];
        whole[0] = "quarantine";
        System.arraycopy(command, 0, whole, 1, command.length);
        assertEquals(exitCode, cli.run(whole), cli.all());
        assertTrue(cli.err().startsWith(begin), cli.err());
        assertEquals(1, cli.err().lines().count(), cli.err());
    }
}
