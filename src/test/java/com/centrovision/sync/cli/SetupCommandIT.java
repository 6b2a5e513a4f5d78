package com.centrovision.sync.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.testing.ServiceHome;
import com.centrovision.sync.testing.SharedLab;
import com.centrovision.sync.testing.Sides;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first run with everything said on the command line; protocol 3.1 for its load. */
class SetupCommandIT {
    private final Lab lab = SharedLab.get();
    private LabDatabase clinic;
    private CliRun cli;
    private Path config;

    @TempDir
    private Path home;

    @BeforeEach
    void newHome() throws IOException {
        lab.resetCloud();
        lab.cloud().generatePatients("setup", 30);
        clinic = lab.newClinic();
        var shipped = ServiceHome.in(home);
        shipped.table("branches");
        shipped.table("patients");
        config = home.resolve("config/config.toml");
        cli = new CliRun(home);
        Files.writeString(
                home.resolve("config/config.toml.example"),
                Files.readString(home.resolve("config/config.toml.example"))
                        .replace("/var/log/centrovision-sync", "log"));
    }

    @Test
    void writesLoadsAndSaysWhatComesNextAndTheSecondTimeChangesNothing() throws IOException {
        assertEquals(0, setup("--dry-run"), cli.all());
        assertFalse(Files.exists(config));
        assertEquals(0, clinic.count("pg_tables where tablename like '\\_%' and schemaname = 'public'"));

        assertEquals(0, setup(), cli.all());

        Sides.of(lab, clinic).assertEqual("patients");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(config)));
        assertFalse(cli.all().contains(lab.serviceKey()), "the key is on the screen");
        assertFalse(cli.all().contains(clinic.password()), "the password is on the screen");
        assertTrue(cli.out().contains("Both sides are equal."), cli.all());
        assertTrue(cli.out().contains("systemctl enable --now centrovision-sync"), cli.out());
        assertTrue(Files.readString(config).contains("# The clinic's server"), "the example's words stay");

        var before = Files.getLastModifiedTime(config);
        assertEquals(0, cli.run("setup"), cli.all());
        assertTrue(cli.out().contains("Was so already"), cli.out());
        assertEquals(before, Files.getLastModifiedTime(config));
    }

    @Test
    void anotherProjectIsWrittenOnlyWhereItIsMeant() throws IOException {
        assertEquals(0, setup("--no-load"), cli.all());
        clinic.execute("insert into _sync_cloud (url) values ('" + lab.supabaseUrl() + "') on conflict do nothing");
        var before = Files.readString(config);
        var other = lab.supabaseUrl().replace("127.0.0.1", "localhost");

        assertEquals(2, cli.run("setup", "--no-load", "--url", other), cli.all());
        assertTrue(cli.err().contains("CV-CLOUD-07"), cli.err());
        assertEquals(before, Files.readString(config));
        assertEquals(0, cli.run("setup", "--no-load", "--url", other, "--accept-cloud"), cli.all());
        assertTrue(Files.readString(config).contains(other));
        assertEquals(other, clinic.value("select url from _sync_cloud").orElseThrow());
    }

    @Test
    void makesTheKeyOfTheBackupsShowsItOnceAndKeepsItNowhere() throws IOException {
        assertEquals(0, setup("--no-load"), cli.all());
        assertTrue(cli.out().contains("setup --new-backup-key"), cli.out());

        assertEquals(0, cli.run("setup", "--no-load", "--new-backup-key", "--dry-run"), cli.all());
        assertFalse(cli.out().contains("AGE-SECRET-KEY"), cli.out());
        assertEquals(0, cli.run("setup", "--no-load", "--new-backup-key"), cli.all());
        assertTrue(cli.out().contains("AGE-SECRET-KEY-1"), cli.out());
        assertTrue(cli.out().contains("--copy-folder"), cli.out());
        var written = Files.readString(config);
        assertTrue(written.contains("public_key = \"age1"), written);
        assertFalse(written.contains("AGE-SECRET-KEY"), "the private key is kept");

        assertEquals(
                0, cli.run("setup", "--no-load", "--new-backup-key", "--copy-folder", "/mnt/respaldos"), cli.all());
        assertFalse(cli.out().contains("AGE-SECRET-KEY"), cli.out());
        assertTrue(cli.out().contains("There is a key for backups already"), cli.out());
        assertEquals(
                written.replaceFirst("(?m)^copy_folder = .*$", "copy_folder = \"/mnt/respaldos\""),
                Files.readString(config));
    }

    @Test
    void changesOneValueAndLeavesAllElseAsSomebodyWroteIt() throws IOException {
        assertEquals(0, setup("--no-load"), cli.all());
        assertEquals(0, clinic.count("patients"));
        assertTrue(cli.out().contains("centrovision-sync once"), cli.out());
        Files.writeString(config, Files.readString(config) + "# nuestra nota\n");
        Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rw-r-----"));
        var before = Files.readAllLines(config);

        assertEquals(0, cli.run("setup", "--no-load", "--host", "127.0.0.1"), cli.all());

        var after = new ArrayList<>(Files.readAllLines(config));
        after.set(after.indexOf("host = \"127.0.0.1\""), "host = \"" + clinic.host() + "\"");
        assertEquals(before, after);
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(config)));
    }

    @Test
    void writesNothingWhereOneSideDoesNotLetItIn() throws IOException {
        refused(2, "CV-CONFIG-06 config.toml: supabase.url is missing.");
        refused(3, "CV-CLOUD-02 ", with("--key-file", file("wrong")));
        refused(2, "CV-CONFIG-05 ", with("--key-file", file(lab.anonKey())));
        refused(3, "CV-CLOUD-01 ", with("--url", "http://127.0.0.1:1"));
        refused(3, "CV-CLINIC-02 ", with("--password-file", file("wrong")));
        refused(3, "CV-CLINIC-03 ", with("--database", "nowhere"));
        refused(3, "CV-CLINIC-01 ", with("--port", "1"));
        refused(2, "CV-CONFIG-08 ", with("--key-file", home.resolve("nothing").toString()));
        assertTrue(cli.err().contains("nothing cannot be read: it is not there"), cli.err());
        refused(
                2,
                "CV-CONFIG-09 ",
                with("--config", home.resolve("nowhere/config.toml").toString()));
    }

    @Test
    void anOlderProgramLeavesTheControlTablesOfANewerOneAlone() throws IOException {
        assertEquals(0, setup("--no-load"), cli.all());
        var migration = home.resolve("sql/migrations/V999__of_the_future.sql");
        Files.writeString(migration, "alter table _sync_cloud add column of_the_future text;\n");
        assertEquals(0, cli.run("init"), cli.all());
        Files.delete(migration);

        for (var command : List.of("init", "once", "check")) {
            assertEquals(2, cli.run(command), cli.all());
            assertTrue(
                    cli.all()
                            .contains("CV-CLINIC-16 A newer version of the program has prepared the database "
                                    + clinic.name() + " (V999__of_the_future.sql)."),
                    cli.all());
        }
        assertEquals(0, clinic.count("patients"));
    }

    private int setup(String... more) throws IOException {
        return cli.run(with(more));
    }

    /** Everything that is needed; what is said twice is said anew. */
    private String[] with(String... more) throws IOException {
        var arguments = new ArrayList<>(List.of("setup"));
        var values = List.of(
                "--url", lab.supabaseUrl(),
                "--key-file", file(lab.serviceKey()),
                "--host", clinic.host(),
                "--port", String.valueOf(clinic.port()),
                "--database", clinic.name(),
                "--user", clinic.user(),
                "--password-file", file(clinic.password()));
        for (int at = 0; at < values.size(); at += 2) {
            if (!Arrays.asList(more).contains(values.get(at))) {
                arguments.addAll(values.subList(at, at + 2));
            }
        }
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    private void refused(int exitCode, String line, String... arguments) {
        assertEquals(exitCode, cli.run(arguments.length == 0 ? new String[] {"setup"} : arguments), cli.all());
        assertTrue(cli.err().startsWith(line), cli.err());
        assertFalse(Files.exists(config));
        assertEquals(0, clinic.count("pg_tables where tablename like '\\_%' and schemaname = 'public'"));
    }

    private String file(String secret) throws IOException {
        return Files.writeString(Files.createTempFile(home, "secret", ".txt"), secret + "\n")
                .toString();
    }
}
