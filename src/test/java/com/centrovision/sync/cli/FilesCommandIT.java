package com.centrovision.sync.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.clinic.ClinicDatabase;
import com.centrovision.sync.clinic.ControlTables;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.SharedLab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands say of study files and do about them, while no service runs. */
class FilesCommandIT {
    private static final String HELLO = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

    @TempDir
    Path home;

    @Test
    void tellsHowTheFilesStandFindsADamagedOneAndHasOthersTriedAgain() throws IOException {
        var lab = SharedLab.get();
        var clinic = lab.newClinic();
        var cli = CliRun.of(home, lab, clinic);

        assertEquals(2, cli.run("files", "status"), cli.all());
        assertTrue(cli.err().startsWith("CV-FILE-03"), cli.err());

        Files.writeString(
                home.resolve("config/config.toml"),
                "[storage]\nenabled = true\ndirectory = \"files\"\n",
                StandardOpenOption.APPEND);
        try (var database = new ClinicDatabase(ClinicService.config(lab, clinic).localPostgres(), 2)) {
            database.start();
            new ControlTables(database.dataSource(), Path.of("sql")).upgrade();
        }
        assertEquals(0, cli.run("files", "status"), cli.all());
        var file = home.resolve("files/estudios/ojo.jpg");
        Files.createDirectories(file.getParent());
        Files.createDirectories(home.resolve("files/.centrovision"));
        Files.writeString(file, "hello");
        var modified = Files.getLastModifiedTime(file).to(TimeUnit.MICROSECONDS);
        clinic.execute(
                """
                insert into _sync_buckets (bucket, listed_at, guard_rows) values ('estudios', now(), 60);
                update _sync_buckets set changed_rows = 3, left_out = 2, last_error = 'no-network';
                insert into _sync_files (bucket, name, local_name, cloud_version, cloud_size, base_version, clinic_sha256,
                  base_sha256, clinic_size, clinic_modified)
                values ('estudios', 'ojo.jpg', 'ojo.jpg', 'v', 5, 'v', '%1$s', '%1$s', 5, %2$d);
                insert into _sync_files (bucket, name, local_name, cloud_version, cloud_size, attempts, code, next_attempt_at)
                values ('estudios', 'Ana Mejia.jpg', 'Ana Mejia.jpg', 'w', 7000000, 4, 'wrong-content', now() + interval '1 h');
                """
                        .formatted(HELLO, modified));

        assertEquals(0, cli.run("files", "status"), cli.all());
        assertTrue(cli.out().contains("1 in the folder, 1 to come down (7.0 MB)"), cli.out());
        assertTrue(cli.out().contains("what came was not all of it"), cli.out());
        assertTrue(cli.out().contains("Could not look at bucket estudios: no internet connection"), cli.out());
        assertFalse(cli.out().contains("wrong-content") || cli.out().contains("no-network"), cli.out());
        assertTrue(cli.out().contains("accept-deletes"), cli.out());
        assertTrue(cli.out().contains("accept-changes"), cli.out());
        assertTrue(cli.out().contains("2 files of the folder cannot go up"), cli.out());
        assertFalse(cli.out().contains("Ana"), cli.out());
        assertEquals(0, cli.run("files", "status", "--json", "--names"), cli.all());
        assertEquals(1, cli.json().at("/files/waiting_down").asInt());
        assertEquals("Ana Mejia.jpg", cli.json().at("/waiting/0/name").asText());
        assertEquals("wrong-content", cli.json().at("/waiting/0/code").asText());
        assertEquals("estudios: no-network", cli.json().at("/buckets/0").asText());

        assertEquals(0, cli.run("files", "retry", "--all"), cli.all());
        assertEquals(
                1,
                clinic.value(
                                "select count(*) from _sync_files where next_attempt_at is null and attempts = 0 and code is null and base_version is null")
                        .map(count -> ((Number) count).intValue())
                        .orElse(0));
        assertEquals(1, cli.run("files", "get", "estudios", "Ana Mejia.jpg", "--wait", "0"), cli.all());
        assertEquals(1, cli.run("files", "get", "estudios", "none.jpg", "--wait", "0"), cli.all());
        assertEquals(1, cli.run("files", "get", "otro", "none.jpg"), cli.all());
        assertTrue(cli.err().startsWith("CV-FILE-04"), cli.err());
        assertEquals(0, cli.run("files", "accept-deletes", "estudios"), cli.all());

        assertEquals(2, cli.run("files", "verify"), cli.all());
        assertTrue(cli.err().startsWith("CV-FILE-05"), cli.err());
        Files.createFile(home.resolve("files/.centrovision/folder"));
        assertEquals(0, cli.run("files", "verify"), cli.all());
        lab.resetCloud(); // other tests leave files there
        lab.storage().createBucket("estudios");
        lab.storage().put("estudios", "other.jpg", new byte[] {1});
        assertEquals(1, cli.run("files", "verify", "--cloud", "--json"), cli.all());
        assertEquals(1, cli.json().at("/sides/0/only_cloud").asInt());
        assertEquals(1, cli.json().at("/sides/0/only_folder").asInt());
        lab.resetCloud();
        var time = Files.getLastModifiedTime(file);
        Files.writeString(file, "hullo");
        Files.setLastModifiedTime(file, time);
        assertEquals(1, cli.run("files", "verify", "--json", "--repair"), cli.all());
        assertEquals(1, cli.json().at("/damaged").asInt());
        assertFalse(Files.exists(file));
    }
}
