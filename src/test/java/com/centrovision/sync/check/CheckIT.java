package com.centrovision.sync.check;

import static com.centrovision.sync.check.Finding.Weight.WRONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.config.Config;
import com.centrovision.sync.demo.Fault;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.tables.DeclaredTables;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.ConfigWith;
import com.centrovision.sync.testing.Rule;
import com.centrovision.sync.testing.SharedLab;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Protocol 2, 3.5, 4.1: what is wrong on either side is found, with what to do, and nothing is changed. */
class CheckIT {
    private final Lab lab = SharedLab.get();
    private LabDatabase clinic;

    @BeforeEach
    void newClinic() {
        lab.resetCloud();
        clinic = lab.newClinic();
    }

    @AfterEach
    void heal() {
        lab.gateway().heal();
    }

    @Test
    @Rule("7.3")
    void findsNothingBeforeTheFirstInitAndAfterAFullPassAndBesideTheService() throws Exception {
        lab.cloud().generate("check", 30);
        assertFine(check());
        assertEquals(0, clinic.count("pg_class where relname like '\\_sync%'"));

        try (var service = ClinicService.continuous(lab, clinic)) {
            service.pass();
            assertFine(check());
            clinic.execute("insert into branches (name, code) values ('Nueva', 'NUE')");
            assertFine(check());
        }
        assertFine(check());
    }

    @Test
    @Rule("7.3")
    void findsTriggersThatAreMissingOrDisabled() throws Exception {
        passOnce();
        clinic.execute("alter table rooms disable trigger sync_changes_rooms");
        clinic.execute("drop trigger sync_no_truncate_patients on patients");

        var wrong = wrong(check());

        assertEquals(2, wrong.size(), wrong::toString);
        assertTrue(wrong.get(0).startsWith("patients: ") && wrong.get(0).contains("sync_no_truncate_patients"));
        assertTrue(wrong.get(1).startsWith("rooms: ") && wrong.get(1).contains("sync_changes_rooms"));
        passOnce();
        assertFine(check());
    }

    @Test
    void findsWhatTheKeyMayNotDoAndFiresNoTriggerAndChangesNoRow() throws Exception {
        lab.cloud().generate("rights", 5);
        lab.cloud()
                .execute(
                        """
                        create table fired (what text);
                        create function note_firing() returns trigger language plpgsql security definer as $$
                        begin insert into fired values (tg_op || ' ' || tg_level); return null; end $$;
                        create trigger note_statement after insert or update or delete on rooms
                          for each statement execute function note_firing();
                        create trigger note_row after insert or update or delete on rooms
                          for each row execute function note_firing();
                        revoke insert, delete on rooms from service_role;
                        revoke update on studies from service_role;
                        revoke select on crm_leads from service_role;
                        """);
        var before = lab.cloud().query("select md5(string_agg(xmin::text || t::text, '' order by id)) from rooms t");
        try {
            var findings = check();

            var rights = wrong(findings).stream()
                    .filter(text -> text.contains("the key lacks"))
                    .toList();
            assertEquals(3, rights.size(), wrong(findings)::toString);
            var remedies = findings.stream()
                    .flatMap(finding -> finding.remedies().stream())
                    .toList();
            assertTrue(remedies.contains("grant insert, delete on public.rooms to service_role;"), remedies::toString);
            assertTrue(remedies.contains("grant update on public.studies to service_role;"), remedies::toString);
            assertTrue(
                    remedies.stream()
                            .anyMatch(grant -> grant.matches("grant select.* on public.crm_leads to service_role;")),
                    remedies::toString);
            assertEquals(0, lab.cloud().count("fired"));
            assertEquals(
                    before,
                    lab.cloud().query("select md5(string_agg(xmin::text || t::text, '' order by id)) from rooms t"));
            remedies.forEach(lab.cloud()::execute);
            assertFine(check());
            assertEquals(0, lab.cloud().count("fired"));
        } finally {
            lab.cloud()
                    .execute(
                            """
                            grant all on rooms, studies, crm_leads to service_role;
                            drop trigger note_statement on rooms;
                            drop trigger note_row on rooms;
                            drop function note_firing();
                            drop table fired;
                            """);
        }
    }

    @Test
    void findsColumnsThatDiffer() throws Exception {
        lab.cloud().execute("alter table rooms add column colour text");
        lab.reloadCloudSchema();
        clinic.execute("alter table patients add column shelf text");
        clinic.execute("alter table branches add column owner text not null");
        clinic.execute("alter table services drop column price, add column price integer");
        clinic.execute("drop table crm_leads cascade");
        try {
            var findings = check();

            var wrong = wrong(findings);
            assertEquals(4, wrong.size(), wrong::toString);
            assertTrue(wrong.stream().anyMatch(text -> text.startsWith("rooms: ") && text.contains("colour")));
            assertTrue(wrong.stream().anyMatch(text -> text.startsWith("branches: ") && text.contains("owner")));
            assertTrue(wrong.stream()
                    .anyMatch(text ->
                            text.startsWith("services: ") && text.contains("integer") && text.contains("numeric")));
            assertTrue(wrong.stream().anyMatch(text -> text.contains("crm_leads")));
            assertTrue(findings.stream()
                    .anyMatch(finding -> finding.weight() == Finding.Weight.NOTICE
                            && text(finding).startsWith("patients: ")
                            && text(finding).contains("shelf")));
        } finally {
            lab.cloud().execute("alter table rooms drop column colour");
            lab.reloadCloudSchema();
        }
    }

    @Test
    void findsClocksThatAreApart() throws Exception {
        lab.gateway().fault(Fault.dateOffset(Duration.ofMinutes(-10)));
        assertTrue(wrong(check()).stream().anyMatch(text -> text.startsWith("Clocks: ")));

        lab.gateway().heal();
        lab.gateway().fault(Fault.dateOffset(Duration.ofSeconds(20)));
        var findings = check();
        assertFine(findings);
        assertTrue(findings.stream()
                .anyMatch(finding -> finding.weight() == Finding.Weight.NOTICE
                        && text(finding).startsWith("Clocks: ")));
    }

    @Test
    void findsRowsThatDifferAndTakesIntoAccountWhatWaits() throws Exception {
        lab.cloud().generate("rows", 10);
        passOnce();
        clinic.execute("insert into branches (name, code) values ('Nueva', 'NUE')");
        clinic.execute("delete from crm_leads where id = (select min(id::text)::uuid from crm_leads)");
        assertFine(check());

        clinic.execute("set session_replication_role = replica; delete from studies");

        var wrong = wrong(check());
        assertEquals(1, wrong.size(), wrong::toString);
        assertTrue(wrong.get(0).startsWith("studies: 0 rows in the clinic"), wrong::toString);
    }

    @Test
    void findsWhatWasLeftToAPerson() throws Exception {
        passOnce();
        clinic.execute(
                """
                update _sync_metadata set guard = 'deletes', guard_rows = 77 where table_name = 'rooms';
                insert into _sync_quarantine (direction, table_name, record_id, code)
                values ('UP', 'rooms', gen_random_uuid(), '23514');
                """);

        var wrong = wrong(check());

        assertEquals(2, wrong.size(), wrong::toString);
        assertTrue(wrong.get(0).startsWith("rooms: 1 rows are set aside"), wrong::toString);
        assertTrue(
                wrong.get(1).contains("77 rows") && wrong.get(1).contains("--accept-deletes rooms"), wrong::toString);
    }

    @Test
    void findsTheIndexThatALargeTableOfTheCloudLacks() throws Exception {
        lab.cloud()
                .execute(
                        """
                        insert into crm_pipelines (name, updated_at)
                        select 'p' || n, now() - n * interval '1 second' from generate_series(1, 200000) n;
                        insert into patients (first_name, last_name, updated_at)
                        select 'a', 'b', now() - n * interval '1 second' from generate_series(1, 60000) n;
                        analyze crm_pipelines;
                        analyze patients;
                        """);

        var findings = check();

        var wrong = wrong(findings);
        assertEquals(1, wrong.size(), wrong::toString);
        assertTrue(wrong.get(0).startsWith("crm_pipelines: no index for changes (200000 rows; "), wrong::toString);
        var remedy = findings.stream()
                .flatMap(finding -> finding.remedies().stream())
                .findFirst()
                .orElseThrow();
        assertEquals(
                "create index concurrently if not exists crm_pipelines_updated_at_id_idx "
                        + "on public.crm_pipelines (updated_at, id);",
                remedy);
        lab.cloud().execute(remedy);
        try {
            assertFine(check());
        } finally {
            lab.cloud().execute("drop index crm_pipelines_updated_at_id_idx");
        }
    }

    @Test
    void oneFindingForASideThatDoesNotLetUsIn() throws Exception {
        var config = ClinicService.config(lab, clinic);
        var noCloud = ConfigWith.parts(config, new Config.Supabase(URI.create("http://127.0.0.1:1"), "sb_secret_x"));
        var wrongKey = ConfigWith.parts(
                config,
                new Config.Supabase(URI.create(lab.supabaseUrl()), "sb_secret_x"),
                new Config.LocalPostgres(clinic.host(), 1, clinic.name(), clinic.user(), clinic.password()));

        assertEquals(List.of("CV-CLOUD-01 "), codes(check(noCloud)));
        assertEquals(List.of("CV-CLINIC-01 ", "CV-CLOUD-02 "), codes(check(wrongKey)));
        assertTrue(check(noCloud).stream().anyMatch(finding -> finding.exitCode() == ExitCode.UNREACHABLE));
    }

    @Test
    void looksAtTheBucketsAndTheFolderOfStudyFiles(@TempDir Path folder) throws Exception {
        var withFiles = ConfigWith.parts(
                ClinicService.config(lab, clinic),
                new Config.Storage(
                        true,
                        List.of("estudios"),
                        folder.resolve("files"),
                        Duration.ofMinutes(5),
                        0,
                        Optional.empty(),
                        100,
                        30));

        assertTrue(wrong(check(withFiles)).stream().anyMatch(text -> text.contains("estudios")));

        lab.storage().createBucket("estudios");
        assertFine(check(withFiles));
        assertFalse(Files.exists(folder.resolve("files")));
    }

    private void passOnce() throws InterruptedException {
        try (var service = ClinicService.onDemand(lab, clinic)) {
            service.pass();
        }
    }

    private List<Finding> check() throws IOException {
        return check(ClinicService.config(lab, clinic));
    }

    private static List<Finding> check(Config config) throws IOException {
        var findings = new ArrayList<Finding>();
        var home = Path.of("").toAbsolutePath();
        try (var checks = new Checks(config, home, new DeclaredTables(home.resolve("routes/tables")), findings::add)) {
            checks.run();
        }
        return findings;
    }

    private static void assertFine(List<Finding> findings) {
        assertEquals(List.of(), wrong(findings));
        assertFalse(findings.isEmpty());
    }

    private static List<String> wrong(List<Finding> findings) {
        return findings.stream()
                .filter(finding -> finding.weight() == WRONG)
                .map(CheckIT::text)
                .collect(Collectors.toList());
    }

    private static List<String> codes(List<Finding> findings) {
        return findings.stream()
                .filter(finding -> finding.weight() == WRONG)
                .map(Finding::code)
                .toList();
    }

    private static String text(Finding finding) {
        return finding.text().in(Locale.ENGLISH);
    }
}
