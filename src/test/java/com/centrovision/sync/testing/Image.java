package com.centrovision.sync.testing;

import static java.util.stream.Collectors.joining;

import com.centrovision.sync.demo.FreePorts;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The program as it is shipped: a copy of the built image, in a folder with blanks and an ñ in its name and with a
 * configuration for one clinic of the lab. Every command is a process of its own; none outlives this object.
 */
public final class Image implements AutoCloseable {
    private static final Path BUILT = Path.of("target/centrovision-sync").toAbsolutePath();

    private final Path home;
    private final Map<String, Map<String, String>> settings = new TreeMap<>();
    private final Map<String, String> environment = new TreeMap<>();
    private final List<ImageProcess> processes = new ArrayList<>();

    private Image(Path home) {
        this.home = home;
    }

    /** The files of the image, with nothing configured. */
    public static Image unpack() {
        try {
            var image = new Image(Files.createTempDirectory("la clínica año ").resolve("centrovision sync"));
            for (var folder : List.of("bin", "config", "routes", "sql")) {
                copy(BUILT.resolve(folder), image.home.resolve(folder));
            }
            Files.createSymbolicLink(image.home.resolve("lib"), BUILT.resolve("lib"));
            image.environment.put("LANG", "en_US.UTF-8");
            image.environment.put("JAVA_OPTS", "-XX:TieredStopAtLevel=1"); // starts in half the time
            return image;
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    /** The same, between the lab's cloud and one clinic. */
    public static Image of(Lab lab, LabDatabase clinic) {
        return unpack().set("supabase", "url", quoted(lab.supabaseUrl()))
                .set("supabase", "service_key", quoted(lab.serviceKey()))
                .set("local_postgres", "host", quoted(clinic.host()))
                .set("local_postgres", "port", String.valueOf(clinic.port()))
                .set("local_postgres", "database", quoted(clinic.name()))
                .set("local_postgres", "user", quoted(clinic.user()))
                .set("local_postgres", "password", quoted(clinic.password()))
                .set("sync", "interval_seconds", "1")
                .set("sync", "retry_delay_seconds", "1")
                .set("logging", "file", quoted("log/sync.log"))
                .set("console", "port", String.valueOf(FreePorts.next()));
    }

    /** Every process from here on starts faster: the classes that {@code once} loads are kept in an archive. */
    public Image keepClasses() {
        var options = environment.get("JAVA_OPTS");
        environment("JAVA_OPTS", options + " -XX:ArchiveClassesAtExit=classes.jsa")
                .run("once");
        return environment("JAVA_OPTS", options + " -XX:SharedArchiveFile=classes.jsa");
    }

    /** Leaves the table files of these tables alone. */
    public Image onlyTables(Collection<String> tables) {
        try (var files = Files.list(home.resolve("routes/tables"))) {
            for (var file : files.toList()) {
                if (!tables.contains(file.getFileName().toString().split("\\.")[0])) {
                    Files.delete(file);
                }
            }
            return this;
        } catch (IOException undeletable) {
            throw new UncheckedIOException(undeletable);
        }
    }

    /** Adds a parameter to a table's file. */
    public Image parameter(String table, String name, String value) {
        var file = "routes/tables/" + table + ".camel.yaml";
        return write(file, read(file) + "      - name: %s%n        value: %s%n".formatted(name, value));
    }

    /** Writes config.toml with this value, given as TOML. */
    public Image set(String section, String key, String toml) {
        settings.computeIfAbsent(section, name -> new TreeMap<>()).put(key, toml);
        return write(
                "config/config.toml",
                settings.entrySet().stream()
                        .map(entry -> "[" + entry.getKey() + "]\n" + lines(entry.getValue()))
                        .collect(joining("\n")));
    }

    public Image write(String file, String content) {
        try {
            var path = home.resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, content);
            if (file.equals("config/config.toml")) {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            }
            return this;
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    public String read(String file) {
        try {
            return Files.readString(home.resolve(file));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    public Image environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    public Path home() {
        return home;
    }

    public Path launcher() {
        return home.resolve("bin/centrovision-sync");
    }

    /** Runs a command to its end. */
    public ImageProcess.Ended run(String... arguments) {
        return start(arguments).await();
    }

    /** Starts a command through the image's own launcher. */
    public ImageProcess start(String... arguments) {
        return start(launcher(), home.getParent(), arguments);
    }

    public ImageProcess start(Path launcher, Path workingDirectory, String... arguments) {
        var process = ImageProcess.start(launcher, workingDirectory, environment, arguments);
        processes.add(process);
        return process;
    }

    @Override
    public void close() {
        processes.forEach(ImageProcess::kill);
        try (var files = Files.walk(home.getParent())) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException undeletable) {
            throw new UncheckedIOException(undeletable);
        }
    }

    public static String quoted(String text) {
        return '"' + text + '"';
    }

    private static String lines(Map<String, String> values) {
        return values.entrySet().stream()
                .map(entry -> entry.getKey() + " = " + entry.getValue() + "\n")
                .collect(joining());
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (var file : files.toList()) {
                var copy = to.resolve(from.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }
}
