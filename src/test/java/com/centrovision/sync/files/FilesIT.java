package com.centrovision.sync.files;

import static com.centrovision.sync.files.FileScene.BUCKET;
import static com.centrovision.sync.files.FileScene.bytes;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.centrovision.sync.config.Config;
import com.centrovision.sync.demo.Fault;
import com.centrovision.sync.demo.FreePorts;
import com.centrovision.sync.testing.ConsoleClient;
import com.centrovision.sync.testing.Rule;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files go both ways, whole or not at all (protocol 1.1, 1.2), and absence never deletes unproved (3.4). */
class FilesIT {
    @TempDir
    Path folder;

    private static final String TOKEN = "a-token-for-the-files";

    /** One whose bytes come, and one whose bytes are nowhere. */
    private static final String STUDY_FILES =
            """
            set session_replication_role = replica;
            insert into study_files (id, study_id, storage_path, mime_type, size_bytes)
            values (gen_random_uuid(), gen_random_uuid(), 'estudios/deep/er/scan.pdf', 'application/pdf', 3000),
              (gen_random_uuid(), gen_random_uuid(), 'estudios/nowhere.pdf', 'application/pdf', 3000);
            """;

    private FileScene scene;

    @BeforeEach
    void makeScene() {
        scene = new FileScene(folder);
    }

    @AfterEach
    void closeScene() {
        scene.close();
    }

    @Test
    @Rule({"8.6", "8.8"})
    void bringsFilesWithAnyNameBothWaysAndServesThemToApps() throws IOException {
        var odd = List.of(
                "ojo izquierdo.jpg",
                "año/señal ñandú.pdf",
                "\uD83D\uDC41.png",
                "50% [1]~#.txt",
                "ñ".repeat(125) + ".jpgg");
        for (var name : odd) {
            scene.write(name, bytes(name.hashCode(), 3000));
        }
        var theirs = List.of("CON.jpg", "what?.jpg", "a:b*c.jpg", "end.", "OCT.jpg", "oct.jpg", "deep/er/scan.pdf");
        for (var name : theirs) {
            scene.lab.storage().put(BUCKET, name, bytes(name.hashCode(), 3000));
        }
        scene.lab.cloud().execute(STUDY_FILES);
        var tooLong = ("ñ".repeat(100) + "/").repeat(2) + "x.jpg";
        scene.write(tooLong, bytes(5, 10));
        Files.setLastModifiedTime(folder.resolve(BUCKET).resolve(tooLong), FileTime.from(Instant.now()));
        var console = new ConsoleClient("127.0.0.1", FreePorts.next());

        scene.console(new Config.Console("127.0.0.1", console.port(), Optional.of(TOKEN), Optional.empty()))
                .start();

        await().until(() -> scene.lab.storage().names(BUCKET).size() == 12);
        scene.awaitQuiet();
        for (var name : theirs) {
            var local = new FileNames().inFolder(name).orElseThrow();
            var beside = new FileNames().besideInFolder(name).orElseThrow();
            var content = bytes(name.hashCode(), 3000);
            assertTrue(scene.holds(local, content) || scene.holds(beside, content), name);
        }
        for (var name : odd) {
            var cloudName = new FileNames().inCloud(name).orElseThrow();
            assertTrue(scene.cloudHolds(cloudName, bytes(name.hashCode(), 3000)), name);
        }
        assertEquals(13, scene.inFolder().size());

        await().until(() -> console.json("/api/status").at("/files/study_files").asLong() == 2);
        assertEquals(
                1, console.json("/api/status").at("/files/study_files_complete").asLong());
        assertEquals(12, console.json("/api/status").at("/files/in_folder").asLong());
        assertEquals(1, console.json("/api/status").at("/files/left_out").asLong());

        var whole = console.get("/files/estudios/deep/er/scan.pdf", "Console-Person", "Ana");
        assertEquals(200, whole.statusCode());
        assertEquals("application/pdf", header(whole, "Content-Type"));
        assertEquals("3000", header(whole, "Content-Length"));
        var part = console.get("/files/estudios/deep/er/scan.pdf", "Range", "bytes=10-19");
        assertEquals(206, part.statusCode());
        assertEquals("bytes 10-19/3000", header(part, "Content-Range"));
        assertEquals(
                416,
                console.get("/files/estudios/deep/er/scan.pdf", "Range", "bytes=3000-")
                        .statusCode());
        assertEquals(
                304,
                console.get("/files/estudios/deep/er/scan.pdf", "If-None-Match", header(whole, "ETag"))
                        .statusCode());
        assertEquals(200, console.get("/files/estudios/what%3F.jpg").statusCode());
        assertEquals(404, console.get("/files/estudios/none.pdf").statusCode());
        assertEquals(404, console.get("/%66iles/estudios/OCT.jpg").statusCode());
        assertEquals(404, console.get("/files/estudios/..%2F..%2Fetc%2Fpasswd").statusCode());
        assertEquals(404, console.get("/files/estudios/OCT.jpg%00").statusCode());
        assertEquals(
                403,
                console.get("/files/estudios/OCT.jpg", "Origin", "http://elsewhere.example")
                        .statusCode());
        assertEquals(
                200,
                console.get(
                                "/files/estudios/OCT.jpg",
                                "Origin",
                                "tauri://localhost",
                                "Authorization",
                                "Bearer " + TOKEN)
                        .statusCode());
        assertEquals(1, scene.count("select count(*) from _sync_audit where action = 'view-file' and person = 'Ana'"));
        assertEquals(0, scene.count("select count(*) from _sync_audit where subject like '%pdf%'"));

        scene.write("deep/er/scan.pdf", bytes(77, 3000));
        assertEquals(
                200,
                console.get("/files/estudios/deep/er/scan.pdf", "If-None-Match", header(whole, "ETag"))
                        .statusCode());
    }

    @Test
    @Rule({"8.1", "8.5"})
    void bringsALargeFileDownAndUpThroughCutsAndRowsGoOnMeanwhile() throws IOException {
        var down = bytes(1, 9 << 20);
        var up = bytes(2, 8 << 20);
        var begun = new AtomicInteger();
        scene.lab.storage().putInParts(BUCKET, "down.mp4", down);
        var rowArrived = new CountDownLatch(1);
        var stopped = new CountDownLatch(1);
        scene.lab.storage().watchDownloads((name, sent) -> {
            begun.addAndGet(sent == 0 ? 1 : 0);
            if (sent > 1 << 20) {
                waitFor(rowArrived, 40_000);
                waitFor(stopped, 20);
            }
        });
        scene.lab.gateway().fault(Fault.cutAfterBytes(4 << 20).times(1).matching("GET", "down\\.mp4$"));
        scene.lab.gateway().fault(Fault.cutRequestAfterBytes(4 << 20).times(1).matching("PATCH", "resumable"));

        scene.start();
        await().until(() -> begun.get() == 1);
        scene.clinic.execute("insert into patients (id, first_name, last_name) values (gen_random_uuid(), 'A', 'B')");
        await().until(() -> scene.lab.cloud().count("patients") == 1);
        assertFalse(scene.holds("down.mp4", down), "the file was held back");
        rowArrived.countDown();
        scene.stop();
        stopped.countDown();
        leaveAsAPowerCutDoes(onlyPart());
        scene.start();
        await().until(() -> scene.holds("down.mp4", down));
        scene.write("up.mp4", up);

        await().until(() -> scene.cloudHolds("up.mp4", up));
        scene.awaitQuiet();
        assertEquals(1, begun.get(), "downloads from the first byte on");
        assertEquals(1, scene.lab.gateway().count("POST", "/storage/v1/upload/resumable"), "uploads begun");
    }

    @Test
    @Rule({"8.2", "8.3", "8.7"})
    void keepsWhatBothSidesChangedAndDeletesOnlyWhatIsProvedToBeGone() throws IOException {
        for (int file = 0; file < 8; file++) {
            scene.lab.storage().put(BUCKET, "f" + file + ".jpg", bytes(file, 100));
        }
        scene.start();
        await().until(() -> scene.inFolder().size() == 8);
        scene.awaitQuiet();

        scene.lab.gateway().fault(Fault.status(500).matching("*", "^/storage/"));
        scene.write("f0.jpg", bytes(100, 120));
        scene.lab.storage().put(BUCKET, "f0.jpg", bytes(101, 130));
        await().until(() ->
                scene.count("select count(*) from _sync_files where name = 'f0.jpg' and clinic_sha256 <> base_sha256")
                        == 1);
        scene.lab.gateway().heal();
        await().until(() -> scene.lab.storage().names(BUCKET).size() == 9);
        scene.awaitQuiet();
        assertTrue(scene.holds("f0.jpg", bytes(101, 130)));
        assertEquals(scene.inCloud(), scene.inFolder());
        assertEquals(1, scene.count("select count(*) from _conflicts where kind = 'file' and resolved_at is not null"));

        Files.delete(folder.resolve(BUCKET).resolve("f1.jpg"));
        await().until(() -> scene.holds("f1.jpg", bytes(1, 100)));

        scene.lab.storage().remove(BUCKET, "f2.jpg");
        await().until(() -> !Files.exists(folder.resolve(BUCKET).resolve("f2.jpg")));
        assertEquals(List.of("f2.jpg"), scene.inTrash());

        scene.lab.storage().removeBucket(BUCKET);
        await().until(() -> scene.count("select count(*) from _sync_buckets where last_error = 'NoSuchBucket'") == 1);
        assertEquals(8, scene.inFolder().size());

        scene.lab.storage().createBucket(BUCKET);
        await().until(() -> scene.count("select coalesce(sum(guard_rows), 0) from _sync_buckets") == 8);
        assertEquals(8, scene.inFolder().size());

        assertEquals(1, scene.count("select count(*) from sync_problems('{}', now()) where kind = 'files-gone'"));

        scene.clinic.execute("update _sync_buckets set guard_rows = 5, accepted_at = now()");
        await().until(() ->
                scene.count("select count(*) from _sync_buckets where guard_rows = 8 and accepted_at is null") == 1);
        assertEquals(8, scene.inFolder().size(), "five were accepted, and eight are gone");

        assertEquals(0, new WaitingFiles(scene.jdbc()).acceptDeletes(BUCKET, 7));
        assertEquals(8, new WaitingFiles(scene.jdbc()).acceptDeletes(BUCKET, 8));
        await().until(() -> scene.inFolder().isEmpty());
        assertEquals(9, scene.inTrash().size());
        scene.awaitQuiet();
    }

    @Test
    @Rule("8.1")
    void takesNothingForTheFileThatIsNotAllOfIt() throws IOException {
        var before = bytes(1, 3 << 20);
        var after = bytes(2, 3 << 20);
        var replaced = ConcurrentHashMap.newKeySet();
        scene.lab.storage().put(BUCKET, "moving.jpg", before);
        scene.lab.storage().putInParts(BUCKET, "moving.tif", before);
        scene.lab.storage().watchDownloads((name, sent) -> {
            if (sent > 1 << 20 && replaced.add(name)) {
                scene.lab.storage().putInParts(BUCKET, name, after);
            }
        });
        scene.start();

        await().until(() -> scene.holds("moving.jpg", after) && scene.holds("moving.tif", after));
        assertEquals(List.of(), scene.inTrash(), "nothing else ever had the file's name");

        scene.lab.storage().watchDownloads((name, sent) -> {});
        scene.lab.storage().shorten(100);
        scene.lab.storage().put(BUCKET, "short.jpg", before);
        await().until(() -> scene.count("select count(*) from _sync_files where code = 'wrong-content'") == 1);
        assertFalse(Files.exists(folder.resolve(BUCKET).resolve("short.jpg")));
        scene.lab.storage().shorten(0);
        scene.lab
                .gateway()
                .fault(Fault.status(429, Duration.ofSeconds(1)).times(2).matching("GET", "/storage/"));
        new WaitingFiles(scene.jdbc()).tryAgain(List.of());
        await().until(() -> scene.holds("short.jpg", before));
        scene.awaitQuiet();

        var check = new FolderCheck(scene.jdbc(), new ClinicFolder(folder, new FileNames()), Clock.systemDefaultZone());
        var file = folder.resolve(BUCKET).resolve("short.jpg");
        var time = Files.getLastModifiedTime(file);
        Files.write(file, bytes(3, 3 << 20));
        Files.setLastModifiedTime(file, time);
        var findings = new ArrayList<FolderCheck.State>();
        check.run(List.of(BUCKET), true, found -> findings.add(found.state()));
        assertTrue(findings.contains(FolderCheck.State.DAMAGED), findings::toString);
        await().until(() -> scene.holds("short.jpg", before));
    }

    @Test
    @Rule({"8.4", "8.7"})
    void filesThatNobodyAnswersForHoldUpNoOthersAndLinksLeadNowhere(@TempDir Path elsewhere) throws IOException {
        var secret = Files.write(elsewhere.resolve("secret"), bytes(1, 500));
        Files.createDirectories(folder.resolve(BUCKET));
        Files.createSymbolicLink(folder.resolve(BUCKET).resolve("link.jpg"), secret);
        for (var name : List.of("good", "link.jpg", "bad 1", "bad 2", "bad 3", "bad 4")) {
            scene.lab.storage().put(BUCKET, name, bytes(name.hashCode(), 900_000));
        }
        scene.lab.storage().put(BUCKET, "large", new byte[2 << 20]);
        scene.lab.gateway().fault(Fault.status(500).matching("GET", "authenticated/estudios/bad"));
        var begunAt = new AtomicLong();
        scene.lab.storage().watchDownloads((name, sent) -> begunAt.compareAndSet(0, System.nanoTime()));

        scene.limit(4000, 1).start();

        await().until(() -> scene.holds("good", bytes("good".hashCode(), 900_000)));
        var took = Duration.ofNanos(System.nanoTime() - begunAt.get());
        assertTrue(took.toMillis() > 1500, () -> "half a megabyte a second, and took " + took);
        await().until(() ->
                scene.count("select count(*) from _sync_files where name = 'large' and code = 'too-large'") == 1);
        await().until(() -> scene.count("select count(*) from _sync_files where code = 'place-taken'") == 1);
        assertEquals(7, scene.lab.storage().names(BUCKET).size(), "nothing went up");
        assertEquals(0, scene.count("select count(*) from _sync_files where name like 'bad%' and attempts > 0"));
    }

    @Test
    @Rule("8.2")
    void goesOnByItselfWhenAFullDiskHasRoomAndTakesAnEmptyFolderForNoDeletion()
            throws IOException, InterruptedException {
        assumeTrue(shell("mount", "-t", "tmpfs", "-o", "size=64m", "files", folder.toString()), "needs root");
        try {
            scene.lab.storage().put(BUCKET, "a.jpg", bytes(1, 1000));
            scene.start();
            await().until(() -> scene.count("select count(*) from _sync_files where code = 'disk-full'") == 1);

            assertTrue(shell("mount", "-o", "remount,size=1g", folder.toString()));
            new WaitingFiles(scene.jdbc()).tryAgain(List.of());
            await().until(() -> scene.holds("a.jpg", bytes(1, 1000)));
            scene.awaitQuiet();
        } finally {
            shell("umount", "-l", folder.toString());
        }
        scene.lab.storage().put(BUCKET, "b.jpg", bytes(2, 1000));

        await().until(() -> scene.count("select count(*) from _sync_files where code = 'folder-missing'") == 1);
        assertEquals(0, scene.count("select count(*) from _sync_files where name = 'a.jpg' and clinic_sha256 is null"));
        assertEquals(2, scene.lab.storage().names(BUCKET).size());
    }

    @Test
    void aFolderThatWasFilledFromACopyIsNotFetchedAgain() throws IOException {
        var yesterday = FileTime.from(Instant.now().minus(Duration.ofDays(1)));
        for (int file = 0; file < 5; file++) {
            scene.lab.storage().put(BUCKET, "f" + file, bytes(file, 3000));
            scene.write("f" + file, bytes(file, 3000));
            Files.setLastModifiedTime(folder.resolve(BUCKET).resolve("f" + file), yesterday);
        }

        scene.start();

        await().until(() -> scene.count("select count(*) from _sync_files where base_sha256 = clinic_sha256") == 5);
        scene.awaitQuiet();
        assertEquals(0, scene.lab.gateway().count("GET", "/storage/v1/object/authenticated"));
        assertEquals(0, scene.lab.gateway().count("POST", "/storage/v1/object/" + BUCKET));
        assertEquals(0, scene.count("select count(*) from _conflicts"));
    }

    private Path onlyPart() throws IOException {
        try (var parts = Files.list(folder.resolve(".centrovision/parts"))) {
            return parts.toList().get(0);
        }
    }

    /** A file system may note a length before it has the bytes. */
    private static void leaveAsAPowerCutDoes(Path part) throws IOException {
        Files.write(part, new byte[100_000], StandardOpenOption.APPEND);
    }

    private static void waitFor(CountDownLatch latch, long millis) {
        try {
            latch.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean shell(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).start().waitFor() == 0;
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }
}
