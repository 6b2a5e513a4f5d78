package com.centrovision.sync.bench;

import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.testing.Image;
import com.centrovision.sync.testing.ImageProcess;
import com.centrovision.sync.testing.ProcessGauges;
import com.centrovision.sync.testing.Sides;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/** The shipped service with its default settings and memory, as a process of its own, at one end of the line. */
final class Service implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(5);

    private final Image image;
    private final Stand stand;
    private final LabDatabase clinic;
    private final int tables;
    private ImageProcess process;

    Service(Stand stand, LabDatabase clinic, List<String> tables) {
        this.stand = stand;
        this.clinic = clinic;
        ClinicProfile.begin(clinic);
        if (Files.notExists(Path.of("target/centrovision-sync/bin"))) {
            throw new Unfinished("there is no image: ./mvnw -DskipTests package");
        }
        this.image = Image.of(stand.lab(), clinic)
                .environment("JAVA_OPTS", System.getProperty("bench.java", ""))
                .set(
                        "supabase",
                        "url",
                        Image.quoted("http://127.0.0.1:" + stand.line().port()))
                .set("sync", "interval_seconds", "30")
                .set("sync", "retry_delay_seconds", "5");
        this.tables = tables.isEmpty() ? Sides.TABLES.size() : tables.size();
        if (!tables.isEmpty()) {
            image.onlyTables(tables);
        }
    }

    Image image() {
        return image;
    }

    Service start() {
        process = image.start("run");
        return this;
    }

    long pid() {
        return process.pid();
    }

    ProcessorTime processorTime() {
        return ProcessorTime.now(stand.lab(), OptionalLong.of(pid()));
    }

    long residentBytes() throws IOException {
        return ProcessGauges.memory(pid());
    }

    long mostResidentBytes() throws IOException {
        return ProcessGauges.mostMemory(pid());
    }

    /** Waits for the first request for rows of a table, and returns a watch that runs from then on. */
    Stopwatch awaitFirstPage(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!stand.line().asked("select=*")) {
            requireLife();
            if (System.nanoTime() > deadline) {
                throw new Unfinished("the service asked for no row: " + process.err());
            }
            Thread.sleep(POLL.toMillis());
        }
        return new Stopwatch();
    }

    void awaitLoaded(Duration patience) throws SQLException, InterruptedException {
        until("select count(loaded_at) = " + tables + " from _sync_metadata where active", patience);
    }

    void awaitSent(Duration patience) throws SQLException, InterruptedException {
        until("select not exists (select from _sync_pending where not synced)", patience);
    }

    private void until(String question, Duration patience) throws SQLException, InterruptedException {
        Lookout.until(clinic, question, patience);
        requireLife();
    }

    private void requireLife() {
        if (!process.isAlive()) {
            throw new Unfinished("the service has ended: " + process.err());
        }
    }

    /** Runs another command of the image to its end, which has to be a good one. */
    void runToEnd(Duration patience, String... arguments) throws InterruptedException {
        var command = image.start(arguments);
        long deadline = System.nanoTime() + patience.toNanos();
        while (command.isAlive()) {
            if (System.nanoTime() > deadline) {
                command.kill();
                throw new Unfinished(arguments[0] + " did not end");
            }
            Thread.sleep(POLL.toMillis());
        }
        if (command.await().exitCode() != 0) {
            throw new Unfinished(arguments[0] + " ended with " + command.await());
        }
    }

    void stop() {
        process.terminate();
    }

    @Override
    public void close() {
        if (process != null && process.isAlive()) {
            stop(); // so that a recording that it was told to make is written
        }
        image.close();
    }
}
