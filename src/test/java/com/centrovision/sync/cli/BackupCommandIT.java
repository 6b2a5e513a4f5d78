package com.centrovision.sync.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.centrovision.sync.backup.AgeKeys;
import com.centrovision.sync.backup.Restore;
import com.centrovision.sync.config.Config;
import com.centrovision.sync.demo.FreePorts;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.testing.BothSides;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.ConfigWith;
import com.centrovision.sync.testing.ConsoleClient;
import com.centrovision.sync.testing.DebianServer;
import com.centrovision.sync.testing.ServiceHome;
import com.centrovision.sync.testing.SharedLab;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups with PostgreSQL's real programs: made, proved, refused, restored. */
class BackupCommandIT {
    private static final Pattern PRIVATE = Pattern.compile("AGE-SECRET-KEY-1[0-9A-Z]+");
    private static final Pattern PUBLIC = Pattern.compile("age1[0-9a-z]{58}");

    private static DebianServer server;
    private static LabDatabase clinic;

    @TempDir
    static Path homeFolder;

    @TempDir
    Path folder;

    private final Lab lab = SharedLab.get();
    private CliRun cli;
    private Path backups;
    private Path copies;
    private Path key;
    private String publicKey;

    @BeforeAll
    static void clinicWithRows() throws IOException {
        assumeTrue(DebianServer.programs().isPresent(), "PostgreSQL's own packages are not installed");
        server = DebianServer.start();
        clinic = server.clinic("centrovision");
        clinic.generate("backup", 40);
        ServiceHome.in(homeFolder).copy("routes/tables/branches.camel.yaml");
        assertEquals(0, CliRun.of(homeFolder, SharedLab.get(), clinic).run("init"));
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void keysAndFolders() throws IOException {
        backups = folder.resolve("respaldos");
        copies = Files.createDirectory(folder.resolve("disco"));
        cli = CliRun.of(homeFolder, lab, clinic);
        assertEquals(0, cli.run("backup", "key"));
        var pair = cli.out();
        key = Files.writeString(folder.resolve("key.txt"), "# of a test\n" + first(PRIVATE, pair) + "\n");
        publicKey = first(PUBLIC, pair);
        configure("copy_folder = \"" + copies + "\"");
    }

    private void configure(String... more) throws IOException {
        configure(homeFolder, clinic, more);
    }

    private void configure(Path home, LabDatabase database, String... more) throws IOException {
        cli = CliRun.of(home, lab, database);
        var file = home.resolve("config/config.toml");
        Files.writeString(
                file,
                Files.readString(file) + "[backup]\nfolder = \"" + backups + "\"\npublic_key = \"" + publicKey + "\"\n"
                        + String.join("\n", more));
    }

    @Test
    void isProvedCopiedOpenedByOthersAndRestoredEqual() throws Exception {
        clinic.query("select sync_notice_restore()"); // another test may have put it back
        assertEquals(0, cli.run("backup"), cli::all);

        assertTrue(cli.out().contains("row for row"), cli::out);
        var made = only(backups);
        assertEquals(names(backups), names(copies));
        assertEquals(-1, Files.mismatch(made, copies.resolve(made.getFileName())));
        assertEquals(2, names(backups).size(), "the backup and its manifest");
        assertEquals("rw-------", rights(made));
        assertFalse(Files.readString(made, StandardCharsets.ISO_8859_1).contains("patients"));
        assertEquals(
                "SUCCESS",
                clinic.value("select status from _sync_log where direction = 'BACKUP' order by id desc")
                        .orElseThrow());
        assertEquals(List.of("centrovision", "postgres"), databases());

        assertEquals(0, cli.run("backup", "list"));
        assertTrue(cli.out().lines().skip(1).allMatch(line -> line.matches(".* daily +yes +yes +\\S+")), cli::out);
        assertEquals(0, cli.run("backup", "list", "--json"));
        assertTrue(cli.json().get(0).get("copied").booleanValue(), cli::out);
        assertEquals("daily", cli.json().get(0).get("kind").textValue());
        assertEquals(0, cli.run("backup", "verify", "--key", key.toString()), cli::all);
        assertEquals(List.of("centrovision", "postgres"), databases());

        assertEquals(0, cli.run("restore", "--key", key.toString(), "--database", "otra"), cli::all);
        var restored = server.database("otra");
        for (var table : BothSides.tables(clinic)) {
            if (table.equals("_sync_log")) {
                continue; // goes on after the backup
            }
            assertEquals(content(clinic, table), content(restored, table), table);
        }
        assertEquals(true, restored.value("select sync_notice_restore()").orElseThrow());
        assertEquals(false, restored.value("select sync_notice_restore()").orElseThrow());
        assertEquals(false, clinic.value("select sync_notice_restore()").orElseThrow());
        assertEquals(1, cli.run("restore", "--key", key.toString(), "--database", "otra"));
        assertTrue(cli.err().contains("CV-RESTORE-01"), cli::err);
        server.administration("postgres").execute("drop database otra");

        new Restore(ClinicService.config(lab, clinic), Clock.systemUTC())
                .as("postgres", "")
                .beside(made, AgeKeys.readFile(key), Optional.of("otra"));
        server.database("otra").execute("create table of_the_owner (id int)");
        server.administration("postgres").execute("drop database otra");

        if (Files.isExecutable(Path.of("/usr/bin/age"))) {
            var opened = new ProcessBuilder("age", "--decrypt", "-i", key.toString(), made.toString())
                    .redirectErrorStream(true)
                    .start();
            var start = new String(opened.getInputStream().readNBytes(5), StandardCharsets.ISO_8859_1);
            opened.destroy();
            assertEquals("PGDMP", start);
        }
    }

    @Test
    void whatIsDamagedOrOpenedWithAnotherKeyChangesNothing() throws IOException {
        assertEquals(0, cli.run("backup"), cli::all);
        var made = only(backups);
        var whole = Files.readAllBytes(made);
        cli.run("backup", "key");
        var other = Files.writeString(folder.resolve("other.txt"), first(PRIVATE, cli.out()));

        refused("CV-BACKUP-13", 1, "restore", "--key", other.toString());
        refused("CV-BACKUP-14", 1, "restore", "--key", made.toString());
        refused("CV-BACKUP-11", 1, "restore", "no-such-file", "--key", key.toString());
        Files.write(made, Arrays.copyOf(whole, whole.length - 1000));
        refused("CV-BACKUP-12", 1, "backup", "verify");
        refused("CV-BACKUP-12", 1, "restore", "--key", key.toString());
        Files.delete(made.resolveSibling(made.getFileName() + ".json"));
        refused("CV-BACKUP-12", 1, "restore", "--key", key.toString(), made.toString());
        var flipped = whole.clone();
        flipped[whole.length / 2] ^= 1;
        Files.write(made, flipped);
        refused("CV-BACKUP-12", 1, "restore", "--key", key.toString(), made.toString());
    }

    @Test
    void whatCannotBeMadeSaysWhyAndLeavesTheOthers() throws IOException {
        assertEquals(0, cli.run("backup"), cli::all);
        var before = names(backups);

        var programs = Files.createDirectory(folder.resolve("programs"));
        configure("program_folder = \"" + programs + "\"");
        refused("CV-BACKUP-02", 2, "backup");
        for (var name : List.of("pg_dump", "pg_restore")) {
            var program = Files.writeString(programs.resolve(name), "#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.24'\n");
            assertTrue(program.toFile().setExecutable(true));
        }
        refused("CV-BACKUP-03", 2, "backup");
        assertEquals(
                "ERROR",
                clinic.value("select status from _sync_log where direction = 'BACKUP' order by id desc")
                        .orElseThrow());
        configure();
        server.administration("centrovision")
                .execute("create table secrets (id int); revoke all on secrets from public");
        refused("CV-BACKUP-06", 2, "backup");
        assertTrue(cli.err().contains("GRANT pg_read_all_data TO"), cli::err);
        server.administration("centrovision").execute("drop table secrets");
        publicKey = "";
        configure();
        var noted = clinic.count("_sync_log where direction = 'BACKUP'");
        refused("CV-BACKUP-01", 2, "backup");
        assertEquals(noted, clinic.count("_sync_log where direction = 'BACKUP'"), "where none is meant none failed");
        assertEquals(before, names(backups));
    }

    @Test
    void whatIsNotProvedOrNotCopiedIsKeptAndTold() throws IOException {
        configure("copy_folder = \"" + folder.resolve("not-mounted") + "\"");
        refused("CV-BACKUP-09", 1, "backup");
        assertEquals(0, cli.run("backup", "list"));
        assertTrue(cli.out().contains(" not known "), cli::out);
        assertEquals(2, names(backups).size());
        assertEquals(
                "PARTIAL",
                clinic.value("select status from _sync_log where direction = 'BACKUP' order by id desc")
                        .orElseThrow());

        configure();
        server.administration("postgres").execute("alter role centrovision_app nocreatedb");
        try {
            await().until(() -> !names(backups).contains("centrovision-" + now() + ".dump.age"));
            refused("CV-BACKUP-08", 1, "backup");
            assertTrue(cli.err().contains("CREATEDB;"), cli::err);
            assertFalse(cli.err().contains("--user"), "that is an option of restore: " + cli.err());
        } finally {
            server.administration("postgres").execute("alter role centrovision_app createdb");
        }
        assertEquals(4, names(backups).size());
    }

    @Test
    void theClinicsDatabaseIsReplacedOnlyWhenNobodyUsesItAndIsKept() throws IOException, SQLException {
        assertEquals(0, cli.run("backup"), cli::all);
        var branches = clinic.count("branches");
        clinic.execute("insert into branches (name, code) values ('Después', 'DES')");
        try (var program = clinic.connect()) {
            refused("CV-RESTORE-02", 1, "restore", "--replace", "--yes", "--key", key.toString());
            assertFalse(program.isClosed());
        }
        assertEquals(branches + 1, clinic.count("branches"));

        await().until(() ->
                server.administration("postgres").count("pg_stat_activity where datname = 'centrovision'") == 0);
        assertEquals(0, cli.run("restore", "--replace", "--yes", "--key", key.toString()), cli::all);

        assertEquals(branches, clinic.count("branches"));
        var kept = databases().stream()
                .filter(name -> name.startsWith("centrovision_before_"))
                .toList();
        assertEquals(1, kept.size());
        assertEquals(branches + 1, server.database(kept.get(0)).count("branches"));
        server.administration("postgres").execute("drop database " + kept.get(0));
    }

    /** As on a server of setup-server.sh: the tables belong to the user of the apps. */
    @Test
    void tablesOfAnotherUserBecomeThatUsersAgainOnceSomebodyAllowsIt() {
        server.administration("centrovision")
                .execute(
                        """
                        create role the_apps;
                        create table theirs (id int);
                        insert into theirs values (7);
                        alter table theirs owner to the_apps;
                        alter database centrovision owner to the_apps;
                        grant pg_read_all_data to centrovision_app
                        """);
        try {
            assertEquals(0, cli.run("backup"), cli::all);
            refused("CV-RESTORE-05", 1, "restore", "--key", key.toString(), "--database", "otra");
            assertTrue(cli.err().contains("GRANT \"the_apps\" TO \"centrovision_app\";"), cli::err);

            server.administration("postgres").execute("grant the_apps to centrovision_app");
            assertEquals(0, cli.run("restore", "--key", key.toString(), "--database", "otra"), cli::all);

            assertEquals(1, server.database("otra").count("theirs where id = 7"));
            assertEquals(1, server.database("otra").count("pg_tables where tableowner = 'the_apps'"));
        } finally {
            server.administration("centrovision")
                    .execute("drop table theirs; alter database centrovision owner to centrovision_app");
            server.administration("postgres").execute("drop database if exists otra");
            server.administration("postgres")
                    .execute("drop role the_apps; revoke pg_read_all_data from centrovision_app");
        }
    }

    @Test
    void aNewVersionBacksUpBeforeItChangesControlTablesUnlessThatWasJustDone(@TempDir Path home) throws IOException {
        var upgraded = server.clinic("upgraded");
        var shipped = ServiceHome.in(home);
        shipped.copy("routes/tables/branches.camel.yaml");
        cli = CliRun.of(home, lab, upgraded);
        assertEquals(0, cli.run("init"), cli::all);
        configure(home, upgraded);

        migration(home, "V998__next.sql");
        assertEquals(0, cli.run("init"), cli::all);
        var made = names(backups);
        assertEquals(2, made.size(), made::toString);
        assertEquals(0, cli.run("restore", "--key", key.toString(), "--database", "otra"), cli::all);
        assertEquals(0, server.database("otra").count("_sync_schema_history where version = '998'"), "it is of before");
        server.administration("postgres").execute("drop database otra");

        migration(home, "V999__after_it.sql");
        assertEquals(0, cli.run("init"), cli::all);
        assertEquals(made, names(backups));
        server.administration("postgres").execute("drop database upgraded with (force)");
    }

    private static void migration(Path home, String name) throws IOException {
        Files.writeString(home.resolve("sql/migrations").resolve(name), "select 1;\n");
    }

    @Test
    void theServiceMakesTheNightsBackupOnceAndAnotherWhenAPersonWishes() throws SQLException {
        lab.resetCloud();
        clinic.execute("delete from _sync_log where direction = 'BACKUP'; delete from _sync_pending");
        var console = new ConsoleClient("127.0.0.1", FreePorts.next());
        var config = ConfigWith.parts(
                ClinicService.config(lab, clinic),
                new Config.Console("127.0.0.1", console.port(), Optional.empty(), Optional.empty()),
                new Config.Backup(
                        List.of(publicKey),
                        backups,
                        Optional.empty(),
                        1,
                        Config.Backup.OFF.retention(),
                        Duration.ofHours(26),
                        Optional.empty()));
        try (var service = ClinicService.withConsole(config, "branches")) {
            await().until(() -> clinic.count("_sync_log where direction = 'BACKUP' and status = 'SUCCESS'") == 1);
            assertTrue(service.clinicProblem().isEmpty());
            assertEquals(2, names(backups).size());
            wish(console);
        }
        assertEquals(4, names(backups).size());
        assertEquals(
                false,
                clinic.value("select sync_backup_is_due(now() - interval '1 hour')")
                        .orElseThrow());
        assertEquals(
                true,
                clinic.value("select sync_backup_is_due(now() + interval '1 second')")
                        .orElseThrow());
    }

    /** Once more, by a person; not twice at a time. */
    private void wish(ConsoleClient console) throws SQLException {
        var why = "{\"reason\": \"antes de actualizar\"}";
        await().until(() -> !names(backups).contains("centrovision-" + now() + ".dump.age"));
        try (var program = clinic.connect();
                var lock = program.createStatement()) {
            program.setAutoCommit(false);
            lock.execute("lock table branches in access exclusive mode");
            assertEquals(200, console.act("Ana", "/api/backups/now", why).statusCode());
            assertTrue(console.json("/api/backups").get("under_way").asBoolean());
            var second = console.act("Ana", "/api/backups/now", why);
            assertEquals(409, second.statusCode());
            assertEquals("CV-BACKUP-10", ConsoleClient.json(second).get("code").asText());
            program.rollback();
        }
        await().until(() -> !console.json("/api/backups").get("under_way").asBoolean());
        var told = console.json("/api/backups");
        assertEquals(2, told.get("backups").size());
        assertFalse(told.get("overdue").asBoolean());
        assertEquals("success", told.at("/last/status").asText());
        for (var backup : told.get("backups")) {
            assertTrue(backup.get("proved").asBoolean() && backup.get("copied").isNull(), backup::toString);
            assertTrue(backup.get("bytes").asLong() > 1000 && backup.get("rows").asLong() > 0, backup::toString);
        }
        assertEquals("daily", told.at("/backups/0/kind").asText());
        assertEquals(1, clinic.count("_sync_audit where action = 'backup' and person = 'Ana' and outcome = 'begun'"));
    }

    private void refused(String code, int exitCode, String... arguments) {
        var before = databases();
        assertEquals(exitCode, cli.run(arguments), cli::all);
        assertTrue(cli.err().contains(code), cli::err);
        assertEquals(before, databases());
        assertFalse(names(backups).toString().contains(".part"), () -> names(backups)
                .toString());
    }

    private static List<String> databases() {
        return server
                .administration("postgres")
                .query("select datname from pg_database where not datistemplate order by 1")
                .stream()
                .map(row -> row.get("datname").toString())
                .toList();
    }

    private static Object content(LabDatabase side, String table) {
        return side.value("select md5(coalesce(string_agg(t::text, '' order by t::text), '')) from " + table + " t")
                .orElseThrow();
    }

    private static Path only(Path backups) {
        return names(backups).stream()
                .filter(name -> name.endsWith(".age"))
                .map(backups::resolve)
                .reduce((one, other) -> {
                    throw new AssertionError("two backups");
                })
                .orElseThrow();
    }

    private static List<String> names(Path folder) {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    private static String rights(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static String now() {
        return DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'")
                .withZone(ZoneOffset.UTC)
                .format(Instant.now());
    }

    private static String first(Pattern pattern, String text) {
        var found = pattern.matcher(text);
        assertTrue(found.find(), text);
        return found.group();
    }
}
