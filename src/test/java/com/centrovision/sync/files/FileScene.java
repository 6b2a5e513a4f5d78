package com.centrovision.sync.files;

import static org.awaitility.Awaitility.await;

import com.centrovision.sync.config.Config;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.ConfigWith;
import com.centrovision.sync.testing.SharedLab;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A bucket of the lab's storage, the folder of a clinic of its own, and the service between them. */
final class FileScene implements AutoCloseable {
    static final String BUCKET = "estudios";

    /** Less than any clinic may have, so that a scene is over soon. */
    private static final Duration INTERVAL = Duration.ofMillis(300);

    final Lab lab = SharedLab.get();
    final LabDatabase clinic;
    final Path folder;
    private Config.Storage settings;
    private Config.Console console = Config.Console.OFF;
    private Optional<ClinicService> service = Optional.empty();

    FileScene(Path folder) {
        lab.resetCloud();
        lab.storage().createBucket(BUCKET);
        this.clinic = lab.newClinic();
        this.folder = folder;
        this.settings = new Config.Storage(true, List.of(BUCKET), folder, INTERVAL, 0, Optional.empty(), 1024, 30);
    }

    FileScene limit(int kbps, int maxFileMb) {
        settings = new Config.Storage(true, List.of(BUCKET), folder, INTERVAL, kbps, Optional.empty(), maxFileMb, 30);
        return this;
    }

    FileScene console(Config.Console shown) {
        console = shown;
        return this;
    }

    FileScene start() {
        service = Optional.of(ClinicService.withConsole(
                ConfigWith.parts(ClinicService.config(lab, clinic), console, settings),
                "studies",
                "study_files",
                "patients",
                "appointments"));
        return this;
    }

    void stop() {
        service.ifPresent(ClinicService::close);
        service = Optional.empty();
    }

    /** As a program of the clinic would: under another name first, so that nobody sees half of it. */
    void write(String localName, byte[] content) {
        try {
            var file = folder.resolve(BUCKET).resolve(localName);
            Files.createDirectories(file.getParent());
            Files.write(file, content);
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    byte[] read(String localName) throws IOException {
        return Files.readAllBytes(folder.resolve(BUCKET).resolve(localName));
    }

    boolean holds(String localName, byte[] content) {
        try {
            return Arrays.equals(content, read(localName));
        } catch (IOException absent) {
            return false;
        }
    }

    boolean cloudHolds(String name, byte[] content) {
        return lab.storage().names(BUCKET).contains(name)
                && Arrays.equals(content, lab.storage().content(BUCKET, name));
    }

    /** Nothing is left to be done about any file. */
    void awaitQuiet() {
        await().until(() -> count("select count(*) from _sync_file_work") == 0);
    }

    JdbcTemplate jdbc() {
        return new JdbcTemplate(new DriverManagerDataSource(clinic.jdbcUrl(), clinic.user(), clinic.password()));
    }

    long count(String query) {
        return ((Number) clinic.value(query).orElseThrow()).longValue();
    }

    /** What is in the bucket's folder, by name below it. */
    Map<String, String> inFolder() throws IOException {
        if (Files.notExists(folder.resolve(BUCKET))) {
            return Map.of();
        }
        var found = new TreeMap<String, String>();
        var bucket = folder.resolve(BUCKET);
        Files.walkFileTree(bucket, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                found.put(
                        bucket.relativize(file).toString(), Fingerprint.of(file).sha256());
                return FileVisitResult.CONTINUE;
            }
        });
        return found;
    }

    /** The names in the trash, of whatever day. */
    List<String> inTrash() throws IOException {
        var trash = folder.resolve(".centrovision/trash");
        if (Files.notExists(trash)) {
            return List.of();
        }
        try (var files = Files.walk(trash)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    /** The same of the cloud, by the names that its files have in the folder. */
    Map<String, String> inCloud() throws IOException {
        var names = new FileNames();
        var found = new TreeMap<String, String>();
        for (var name : lab.storage().names(BUCKET)) {
            found.put(
                    names.inFolder(name).orElse(name),
                    Fingerprint.of(lab.storage().file(BUCKET, name)).sha256());
        }
        return found;
    }

    static byte[] bytes(int seed, int size) {
        var content = new byte[size];
        new Random(seed).nextBytes(content);
        return content;
    }

    @Override
    public void close() {
        stop();
        lab.gateway().heal();
    }
}
