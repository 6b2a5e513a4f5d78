package com.centrovision.sync.demo.show;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo as a person starts it: the launcher of the image, in a process of its own. */
class DemoIT {
    private static final Path LAUNCHER = Path.of("target/centrovision-sync/bin/centrovision-sync");
    private static final Duration TIMEOUT = Duration.ofMinutes(4);

    @TempDir
    private Path folder;

    private Process demo;

    @AfterEach
    void leaveNothingRunning() throws InterruptedException {
        demo.destroy();
        if (!demo.waitFor(60, TimeUnit.SECONDS)) {
            demo.destroyForcibly();
            servers().forEach(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void showsOneRoundAndEndsWithBothSidesEqual() throws Exception {
        start("demo", "--rounds", "1");

        assertTrue(demo.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS), this::output);
        assertEquals(0, demo.exitValue(), this::output);
        for (var line : List.of(
                "console   http://127\\.0\\.0\\.1:\\d+/",
                "clinic    psql postgresql://.*@127\\.0\\.0\\.1:\\d+/centrovision",
                "cloud     psql postgresql://postgres:.*@127\\.0\\.0\\.1:\\d+/centrovision",
                "Reception   registers a new patient: ",
                "Doctor      sees ",
                "The cloud gave the invoice of .* the number 000-001-01-0000000\\d\\.",
                "Internet    The line is cut\\.",
                "The clinic goes on working with its own server\\.",
                "[1-9]\\d* changes of the clinic wait for the line to come back\\.",
                "Internet    The line is back\\.",
                "Conflict: both changed the phone of .* is kept in _conflicts, id 1\\.",
                "Both sides are equal: 27 tables, 6,\\d\\d\\d rows")) {
            assertTrue(Pattern.compile(line).matcher(output()).find(), () -> line + " is not in\n" + output());
        }
        assertEquals(
                2,
                Pattern.compile("Both sides are equal")
                        .matcher(output())
                        .results()
                        .count(),
                this::output);
        assertEquals("", Files.readString(errors()));
        assertEquals(Set.of(), foldersLeft());
    }

    @Test
    void endsCleanlyWhenAPersonStopsIt() throws Exception {
        start("demo");
        Awaitility.await().atMost(TIMEOUT).until(() -> output().contains("Internet    The line is cut"));
        assertEquals(3, Stream.concat(demo.descendants(), servers()).count(), "PostgREST and two PostgreSQL servers");
        assertTrue(console().contains("<title>CentroVision Sync</title>"), this::output);
        assertTrue(log().contains("service started"), this::output);

        demo.destroy();

        assertTrue(demo.waitFor(60, TimeUnit.SECONDS), this::output);
        assertEquals(0, demo.exitValue(), this::output);
        assertEquals("", Files.readString(errors()));
        assertEquals(Set.of(), foldersLeft());
        assertEquals(List.of(), servers().toList());
    }

    private String console() throws IOException {
        var address = Pattern.compile("console   (\\S+)").matcher(output());
        assertTrue(address.find(), this::output);
        try (var page = URI.create(address.group(1)).toURL().openStream()) {
            return new String(page.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** By the command that the demo prints, without following. */
    private String log() throws IOException {
        var command = Pattern.compile("log +('.*) --follow").matcher(output());
        assertTrue(command.find(), this::output);
        var shown = new ProcessBuilder("sh", "-c", command.group(1) + " --lines 1000")
                .redirectErrorStream(true)
                .start();
        return new String(shown.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private void start(String... arguments) throws IOException {
        var command = new ProcessBuilder(LAUNCHER.toString());
        command.command().addAll(List.of(arguments));
        command.environment().put("CENTROVISION_SYNC_LANG", "en");
        demo = command.redirectOutput(folder.resolve("out").toFile())
                .redirectError(errors().toFile())
                .start();
    }

    /** PostgreSQL leaves its parent; it is known by its data. */
    private Stream<ProcessHandle> servers() {
        var ours = "centrovision-lab-" + demo.pid() + "-";
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(ours));
    }

    private String output() {
        try {
            return Files.readString(folder.resolve("out"));
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }

    private Path errors() {
        return folder.resolve("err");
    }

    private Set<Path> foldersLeft() throws IOException {
        var ours = Pattern.compile("centrovision-(lab|demo)-" + demo.pid() + "-.*");
        try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(
                            file -> ours.matcher(file.getFileName().toString()).matches())
                    .collect(Collectors.toSet());
        }
    }
}
