package com.centrovision.sync.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.runtime.SyncService;
import com.centrovision.sync.tables.DeclaredTables;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.ServiceHome;
import com.centrovision.sync.testing.SharedLab;
import com.centrovision.sync.testing.Sides;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract of `table`: what is looked at before, what is left where it is refused, what stays afterwards (protocol 1.1). */
class TableCommandIT {
    private static final String VACCINES =
            """
            create table vaccines (
              id uuid primary key default gen_random_uuid(),
              name text not null,
              doses integer,
              created_at timestamptz not null default now(),
              updated_at timestamptz not null default now()
            );
            """;
    private static final String ROW = "00000000-0000-0000-0000-0000000000e1";
    private static final Path FILE = Path.of("routes/tables/vaccines.camel.yaml");

    private final Lab lab = SharedLab.get();
    private LabDatabase clinic;
    private CliRun cli;

    @TempDir
    private Path home;

    @BeforeEach
    void aTableThatIsNotSyncedYet() throws IOException {
        lab.resetCloud();
        lab.changeCloudSchema(VACCINES + "grant all on vaccines to service_role; notify pgrst, 'reload schema';");
        lab.cloud().execute("insert into vaccines (id, name) values ('" + ROW + "', 'BCG')");
        clinic = lab.newClinic();
        clinic.execute(VACCINES + "insert into vaccines (name) values ('solo clínica')");
        ServiceHome.in(home).copy("routes/tables/branches.camel.yaml");
        cli = CliRun.of(home, lab, clinic);
        assertEquals(0, cli.run("init"), cli.all());
    }

    @AfterEach
    void dropIt() {
        lab.gateway().heal();
        lab.changeCloudSchema("drop table vaccines; drop table if exists odd; notify pgrst, 'reload schema'");
    }

    @Test
    void theRunningServiceLoadsAnAddedTableReadsItAgainAndLetsItGo() throws IOException {
        try (var service = ClinicService.start(home, ClinicService.config(lab, clinic), SyncService.Mode.CONTINUOUS)) {
            await().until(service::isOpen);
            assertEquals(0, cli.run("table", "add", "vaccines", "--conflicts", "merge"), cli.all());

            assertTrue(cli.out().contains("vaccines: 1 rows in the clinic, 1 in the cloud."), cli.out());
            assertTrue(cli.out().contains("create or replace trigger centrovision_stamp"), cli.out());
            assertTrue(cli.out().contains("vaccines: the running service loads it."), cli.out());
            assertTrue(cli.out().contains("vaccines: loaded. 2 rows"), cli.out());
            await().until(() ->
                    lab.cloud().count("vaccines") == 2 && clinic.count("_sync_pending where not synced") == 0);
            Sides.of(lab, clinic).assertEqual("vaccines");
            assertEquals(0, cli.run("table", "list", "--json"), cli.all());
            var vaccines = cli.json().get(1);
            assertEquals(
                    "vaccines synced merge 1",
                    "%s %s %s %s"
                            .formatted(
                                    vaccines.get("name").asText(),
                                    vaccines.get("state").asText(),
                                    vaccines.get("conflicts").asText(),
                                    vaccines.get("interval_seconds").asText()));
            assertEquals(0, cli.run("table", "list"));
            assertTrue(cli.out().lines().anyMatch(line -> line.matches("vaccines +synced +both +merge .*")), cli.out());

            var yaml = Files.readString(home.resolve(FILE));
            assertEquals(1, cli.run("table", "add", "vaccines"));
            assertTrue(cli.err().startsWith("CV-TABLE-09 "), cli.err());
            assertEquals(yaml, Files.readString(home.resolve(FILE)));

            clinic.execute("begin; set local app.is_sync = 'true'; update vaccines set doses = 7 where id = '" + ROW
                    + "'; commit");
            assertEquals(0, cli.run("table", "reload", "vaccines"), cli.all());
            assertEquals(0, clinic.count("vaccines where doses = 7"));
            assertEquals(1, clinic.count("_conflicts where kind = 'drift' and local_data ->> 'doses' = '7'"));
            assertEquals(0, cli.run("conflicts", "list"), cli.all());

            assertEquals(2, cli.run("table", "remove", "vaccines"), cli.all());
            assertTrue(cli.err().contains("--yes"), cli.err());
            assertEquals(0, cli.run("table", "remove", "vaccines", "--yes"), cli.all());
            assertFalse(Files.exists(home.resolve(FILE)));
            assertEquals(2, clinic.count("vaccines"));
            assertEquals(0, clinic.count("pg_trigger where tgname like 'sync\\_%vaccines'"));
            clinic.execute("update vaccines set doses = 1; truncate vaccines");
            assertEquals(0, clinic.count("_sync_pending where not synced"));
            assertEquals(1, cli.run("table", "remove", "vaccines", "--yes"));
            assertTrue(cli.err().startsWith("CV-TABLE-11 The table vaccines is not synced. See"), cli.err());
        }
    }

    @Test
    void withoutAServiceItLoadsByItselfAndWhatWaitsToGoUpIsNotLost() throws IOException {
        assertEquals(0, cli.run("table", "add", "vaccines", "--dry-run", "--filter", "name=neq.x:"), cli.all());
        assertFalse(Files.exists(home.resolve(FILE)));
        assertEquals(0, clinic.count("_sync_metadata where table_name = 'vaccines'"));
        var yaml = cli.out().substring(cli.out().indexOf("\n# ") + 1);
        Files.writeString(home.resolve(FILE), yaml);
        var declared = new DeclaredTables(home.resolve("routes/tables"));
        assertEquals(List.of(), declared.problems());
        assertEquals("name=neq.x:", declared.tables().get(1).filter());
        Files.delete(home.resolve(FILE));

        assertEquals(0, cli.run("table", "add", "vaccines"), cli.all());
        assertTrue(cli.out().contains("vaccines: loaded. "), cli.out());
        assertEquals(0, cli.run("once"), cli.all());
        Sides.of(lab, clinic).assertEqual("vaccines");

        clinic.execute("update vaccines set doses = 3");
        assertEquals(1, cli.run("table", "remove", "vaccines", "--yes"));
        assertTrue(
                cli.err().startsWith("CV-TABLE-12 Changes of vaccines that have not reached the cloud yet: 2;"),
                cli.err());
        assertTrue(Files.exists(home.resolve(FILE)));
        assertEquals(2, clinic.count("pg_trigger where tgname like 'sync\\_%vaccines'"));
        assertEquals(0, cli.run("once"), cli.all());
        assertEquals(2, lab.cloud().count("vaccines where doses = 3"));
        assertEquals(0, cli.run("table", "remove", "vaccines", "--yes"), cli.all());
        clinic.execute("update vaccines set name = name || '!', updated_at = now() + interval '1 minute'");
        assertEquals(0, cli.run("table", "add", "vaccines"), cli.all());
        assertEquals(0, cli.run("once"), cli.all());
        assertEquals(2, lab.cloud().count("vaccines where name like '%!'"));
        Sides.of(lab, clinic).assertEqual("vaccines");
    }

    @Test
    void whatCannotBeSyncedIsRefusedInOneLineAndNothingIsHalfDone() throws IOException {
        for (var name :
                List.of("../patients", "a'b", "a\"b", "Patients", "x/y", "", "_sync_pending", "_conflicts", "a b")) {
            assertRefused(2, "CV-TABLE-08 ", "table", "add", name);
            assertRefused(2, "CV-TABLE-08 ", "table", "remove", name, "--yes");
            assertRefused(2, "CV-TABLE-08 ", "table", "reload", name);
        }
        assertRefused(
                2,
                "CV-START-02 --direction cannot be sideways.",
                "table",
                "add",
                "vaccines",
                "--direction",
                "sideways");
        assertRefused(2, "CV-START-02 --filter cannot be ", "table", "add", "vaccines", "--filter", "order=id");
        assertRefused(2, "CV-START-02 --interval-seconds ", "table", "add", "vaccines", "--interval-seconds", "0");
        assertEquals(1, cli.run("table", "add", "nowhere"));
        assertEquals(
                2,
                cli.err()
                        .lines()
                        .filter(line -> line.startsWith("CV-TABLE-05 "))
                        .count(),
                cli.err());
        assertRefused(1, "CV-TABLE-11 ", "table", "reload", "vaccines");

        clinic.execute("create table odd (id serial primary key, updated_at timestamptz)");
        lab.changeCloudSchema(
                "create table odd (id serial primary key, updated_at timestamptz); grant all on odd to service_role;"
                        + "notify pgrst, 'reload schema'");
        assertEquals(2, cli.run("table", "add", "odd"), cli.all());
        assertTrue(cli.err().startsWith("CV-CLINIC-05 "), cli.err());
        assertTrue(
                cli.err().contains("CV-TABLE-10 The cloud's table odd cannot be synced: it has no id uuid."),
                cli.err());

        lab.changeCloudSchema("revoke insert on vaccines from service_role; notify pgrst, 'reload schema'");
        assertEquals(2, cli.run("table", "add", "vaccines"), cli.all());
        assertTrue(cli.err().startsWith("CV-CLOUD-12 "), cli.err());
        assertTrue(cli.err().contains("GRANT INSERT ON public.vaccines TO service_role;"), cli.err());
        lab.changeCloudSchema("grant all on vaccines to service_role; notify pgrst, 'reload schema'");

        cli.configure("http://127.0.0.1:1", lab.serviceKey(), clinic.port(), clinic);
        assertRefused(3, "CV-CLOUD-01 ", "table", "add", "vaccines");
        cli.configure(lab.supabaseUrl(), lab.serviceKey(), 1, clinic);
        for (var command : List.of("add", "reload", "remove")) {
            assertRefused(3, "CV-CLINIC-01 ", "table", command, command.equals("add") ? "vaccines" : "branches");
        }
        assertRefused(3, "CV-CLINIC-01 ", "table", "list");
        assertEquals(0, clinic.count("pg_trigger where tgname like 'sync\\_%vaccines'"));
        assertEquals(0, clinic.count("_sync_metadata where table_name in ('vaccines', 'odd', 'nowhere')"));
        try (var files = Files.list(home.resolve("routes/tables"))) {
            assertEquals(
                    List.of("branches.camel.yaml"),
                    files.map(file -> file.getFileName().toString()).toList());
        }
    }

    @Test
    void aUserThatOwnsNothingIsToldTheGrantsAndLeavesTheTriggersToTheOwner() throws IOException {
        var outsider = new LabDatabase(
                clinic.host(), clinic.port(), clinic.name(), "outsider " + System.nanoTime(), clinic.password());
        clinic.execute("create role \"%s\" login password '%s'; grant connect on database %s to \"%1$s\""
                .formatted(outsider.user(), outsider.password(), clinic.name()));
        cli = CliRun.of(home, lab, outsider);
        grantAll("init");

        var grants = grantAll("table", "add", "vaccines", "--no-load");

        assertTrue(
                grants.contains("GRANT SELECT, INSERT, UPDATE, DELETE, TRIGGER ON TABLE public.vaccines TO "), grants);
        assertEquals(0, cli.run("table", "add", "vaccines", "--no-load"), cli.all());
        outsider.execute("update _sync_pending set synced = true");
        assertEquals(0, cli.run("table", "remove", "vaccines", "--yes"), cli.all());
        assertTrue(cli.out().contains("drop trigger if exists sync_changes_vaccines on public.vaccines;"), cli.out());
        assertFalse(Files.exists(home.resolve(FILE)));
        assertEquals(2, clinic.count("pg_trigger where tgname like 'sync\\_%vaccines'"));
        assertEquals(1, clinic.count("_sync_metadata where table_name = 'vaccines'"));
    }

    private String grantAll(String... command) {
        assertEquals(2, cli.run(command), cli.all());
        assertTrue(cli.err().startsWith("CV-CLINIC-04 "), cli.err());
        var statements = cli.err().lines().skip(1).toList();
        statements.forEach(clinic::execute);
        return String.join("\n", statements);
    }

    private void assertRefused(int exitCode, String begin, String... command) {
        assertEquals(exitCode, cli.run(command), cli.all());
        assertTrue(cli.err().startsWith(begin), cli.err());
        assertEquals(1, cli.err().lines().count(), cli.err());
    }
}
