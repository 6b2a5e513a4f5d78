package com.centrovision.sync.load;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.demo.Fault;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.testing.Image;
import com.centrovision.sync.testing.ProcessGauges;
import com.centrovision.sync.testing.Rule;
import com.centrovision.sync.testing.SharedLab;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Protocol 1.1, 1.2 for files: the shipped program, cut off and killed again and again, brings many small and some large
 * files both ways, and at the end both sides hold the same bytes. {@code -Dfiles.heavy=true} takes 2,000 small files and
 * three of 200 MB, which is more than the program has memory. {@code target/files.txt} has the figures.
 */
class FileLoadIT {
    private static final boolean HEAVY = Boolean.getBoolean("files.heavy");
    private static final int SMALL = HEAVY ? 2000 : 60;
    private static final int LARGE_BYTES = HEAVY ? 200 << 20 : 14 << 20;
    private static final Duration LONGEST = HEAVY ? Duration.ofMinutes(30) : Duration.ofMinutes(3);
    private static final String BUCKET = "estudios";
    private static final Path REPORT = Path.of("target/files.txt");

    /** The large files together are more than that. */
    private static final long MOST_MEMORY = 512L << 20;

    @TempDir
    Path folder;

    private final Lab lab = SharedLab.get();
    private final Random random = new Random(9);

    @AfterEach
    void heal() {
        lab.resetCloud();
    }

    @Test
    @Rule("8.1")
    void bringsManySmallAndSomeLargeFilesBothWaysThroughCutsAndKills() throws IOException {
        lab.resetCloud();
        lab.storage().createBucket(BUCKET);
        Files.createDirectories(folder.resolve(BUCKET));
        for (int file = 0; file < SMALL; file++) {
            var content = bytes(500 + random.nextInt(20_000));
            if (file % 2 == 0) {
                lab.storage().put(BUCKET, "down/" + file + ".jpg", content);
            } else {
                write("up/ojo " + file + " ñ.jpg", content);
            }
        }
        lab.storage().put(BUCKET, "large 1.mp4", bytes(LARGE_BYTES));
        lab.storage().put(BUCKET, "large 2.mp4", bytes(LARGE_BYTES));
        write("large 3.mp4", bytes(LARGE_BYTES));
        lab.gateway()
                .fault(Fault.cutAfterBytes(LARGE_BYTES / 3).times(HEAVY ? 9 : 1).matching("GET", "large"));
        lab.gateway()
                .fault(Fault.cutRequestAfterBytes(2 << 20).times(HEAVY ? 9 : 1).matching("PATCH", "resumable"));
        lab.gateway().fault(Fault.loseAnswer().after(2).times(1).matching("PATCH", "resumable"));
        lab.gateway().fault(Fault.loseAnswer().after(10).times(2).matching("POST", "object/estudios/up"));
        var clinic = lab.newClinic();
        var faultsBefore = lab.gateway().met();
        var startedAt = System.nanoTime();
        var kills = HEAVY ? new int[] {5, 30, 60, 90} : new int[] {30};
        long memory = 0;

        try (var image = Image.of(lab, clinic)
                .set("storage", "enabled", "true")
                .set("storage", "buckets", Image.quoted(BUCKET))
                .set("storage", "directory", Image.quoted(folder.toString()))
                .set("storage", "interval_seconds", "1")) {
            for (int share : kills) {
                var service = image.start("run");
                await().atMost(LONGEST).until(() -> moved(clinic) >= SMALL * share / 100);
                memory = Math.max(memory, ProcessGauges.mostMemory(service.pid()));
                service.kill();
            }
            var service = image.start("run");
            await().atMost(LONGEST).until(() -> moved(clinic) == SMALL + 3);

            memory = Math.max(memory, ProcessGauges.mostMemory(service.pid()));
            var cloud = inCloud();
            Files.writeString(
                    REPORT,
                    "files=%d large=3 large_bytes=%d seconds=%d faults=%d kills=%d equal=%b most_memory_mb=%d%n"
                            .formatted(
                                    cloud.size(),
                                    LARGE_BYTES,
                                    Duration.ofNanos(System.nanoTime() - startedAt)
                                            .toSeconds(),
                                    lab.gateway().met() - faultsBefore,
                                    kills.length,
                                    cloud.equals(inFolder()),
                                    memory >> 20));
            assertEquals(cloud, inFolder());
            assertTrue(memory < MOST_MEMORY, "memory " + memory);
            assertEquals(SMALL + 3, inFolder().size());
            assertEquals(0, count(clinic, "select count(*) from _conflicts"));
            assertEquals(0, service.terminate().exitCode());
            var log = image.read("log/sync.log");
            assertTrue(!log.contains("OutOfMemory"), "memory");
        }
    }

    private static long moved(LabDatabase clinic) {
        return count(
                clinic,
                "select case when to_regclass('_sync_files') is null then 0 else (xpath('/row/n/text()', query_to_xml("
                        + "'select count(*) as n from _sync_files where base_version = cloud_version and "
                        + "base_sha256 = clinic_sha256', false, true, '')))[1]::text::bigint end");
    }

    private static long count(LabDatabase clinic, String query) {
        return ((Number) clinic.value(query).orElseThrow()).longValue();
    }

    private Map<String, String> inCloud() {
        var found = new TreeMap<String, String>();
        for (var name : lab.storage().names(BUCKET)) {
            found.put(name.replace("=C3=B1", "ñ"), sha256(lab.storage().file(BUCKET, name)));
        }
        return found;
    }

    private Map<String, String> inFolder() throws IOException {
        var found = new TreeMap<String, String>();
        try (var files = Files.walk(folder.resolve(BUCKET))) {
            files.filter(Files::isRegularFile)
                    .forEach(file ->
                            found.put(folder.resolve(BUCKET).relativize(file).toString(), sha256(file)));
        }
        return found;
    }

    private static String sha256(Path file) {
        try (var in = new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void write(String name, byte[] content) throws IOException {
        var file = folder.resolve(BUCKET).resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }

    private byte[] bytes(int size) {
        var content = new byte[size];
        random.nextBytes(content);
        return content;
    }
}
