package com.centrovision.sync.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.centrovision.sync.backup.AgeKeys;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.testing.DebianServer;
import com.centrovision.sync.testing.Image;
import com.centrovision.sync.testing.SharedLab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups by the shipped program, in its own memory. {@code -Dbackup.rows=200000} makes the database a large one. */
class BackupImageIT {
    private static final int ROWS = Integer.getInteger("backup.rows", 2_000);
    private static final AgeKeys.Pair KEYS = AgeKeys.make();

    /** The first backup, then one on whose way the disk fills up; what is left, and whether the first still is whole. */
    private static final String SCENE =
            """
            set -e
            mount -t tmpfs -o size=250m tmpfs "$1"
            code=0
            "$2" backup || code=$? # 1: so small a disk leaves no room to prove it
            [ $code -le 1 ]
            ls "$1" >"$3/before"
            code=0
            CENTROVISION_BACKUP_PROGRAM_FOLDER="$3/programs" "$2" backup >"$3/said" 2>&1 || code=$?
            echo $code >"$3/code"
            rm "$1/filler"
            ls "$1" >"$3/after"
            "$2" backup verify "$(ls "$1"/*.age)"
            """;

    private static DebianServer server;
    private static LabDatabase clinic;
    private static Image image;

    @TempDir
    static Path folder;

    @BeforeAll
    static void clinicWithRows() throws IOException {
        assumeTrue(DebianServer.programs().isPresent(), "PostgreSQL's own packages are not installed");
        server = DebianServer.start();
        clinic = server.clinic("centrovision");
        clinic.generatePatients("backup", ROWS);
        image = Image.of(SharedLab.get(), clinic)
                .onlyTables(List.of("branches"))
                .set(
                        "local_postgres",
                        "password",
                        Image.quoted(clinic.password().replace("\\", "\\\\")))
                .set("backup", "public_key", Image.quoted(KEYS.publicKey()));
        Files.writeString(folder.resolve("key"), KEYS.privateKey());
        assertEquals(0, image.run("init").exitCode());
    }

    @AfterAll
    static void close() {
        if (image != null) {
            image.close();
        }
        if (server != null) {
            server.close();
        }
    }

    @Test
    void manyRowsFitIntoItsMemoryAndComeBackEqual() throws IOException {
        image.set("backup", "folder", Image.quoted(folder.resolve("many").toString()));

        var made = image.run("backup");
        assertEquals(0, made.exitCode(), made::toString);
        assertTrue(made.out().contains("row for row"), made::toString);

        var verified =
                image.run("backup", "verify", "--key", folder.resolve("key").toString());
        assertEquals(0, verified.exitCode(), verified::toString);
        assertTrue(verified.out().contains("restored on trial"), verified::toString);
    }

    @Test
    void aDiskThatFillsUpLeavesTheEarlierBackupsAndIsAnAlert() throws IOException {
        var disk = Files.createDirectory(folder.resolve("disk"));
        image.set("backup", "folder", Image.quoted(disk.toString()));
        program("pg_dump", "case $* in *--version*) ;; *) head -c 1G /dev/zero >'" + disk + "/filler' ;; esac");
        program("pg_restore", "");

        var ended = image.start(
                        Path.of("/usr/bin/unshare"),
                        folder,
                        "--map-root-user",
                        "--mount",
                        "sh",
                        "-c",
                        SCENE,
                        "sh",
                        disk.toString(),
                        image.launcher().toString(),
                        folder.toString())
                .await();

        assumeFalse(ended.err().matches("(?s).*(mount|unshare): .*"), "nothing can be mounted here");
        assertEquals(0, ended.exitCode(), ended::toString);
        var said = Files.readString(folder.resolve("said"));
        assertEquals("2", Files.readString(folder.resolve("code")).strip(), said);
        assertTrue(said.contains("CV-BACKUP-04") && said.contains("No space left"), said);
        var before = Files.readAllLines(folder.resolve("before"));
        assertEquals(2, before.size(), before::toString);
        assertEquals(before, Files.readAllLines(folder.resolve("after")));
        assertTrue(ended.out().contains("is whole"), ended::toString);
        assertEquals(1, clinic.count("sync_problems('{}', now()) where kind = 'backup'"));
    }

    /** PostgreSQL's own, with something before it. */
    private static void program(String name, String first) throws IOException {
        var program = Files.createDirectories(folder.resolve("programs")).resolve(name);
        Files.writeString(
                program,
                "#!/bin/sh\n%s\nexec '%s' \"$@\"\n"
                        .formatted(first, DebianServer.programs().orElseThrow().resolve(name)));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
