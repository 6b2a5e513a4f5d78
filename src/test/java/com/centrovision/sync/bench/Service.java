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
import java.sql.Timestamp;
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

    /** Waits until the service has looked for what was committed, each second it does; the watch runs from that look on. */
    Stopwatch awaitLook(Timestamp committedAt) throws SQLException, InterruptedException {
        try (var connection = clinic.connect();
                var statement = connection.prepareStatement(
                        """
                        select extract(epoch from clock_timestamp() - coalesce(min(query_start), ?))
                        from pg_stat_activity
                        where datname = current_database()
                          and query like '%sync_claim(%'
                          and pid <> pg_backend_pid()
                          and query_start > ?
                        having count(*) > 0
                          or clock_timestamp() > ?::timestamptz + interval '2 seconds'
                        """)) {
            for (int parameter = 1; parameter <= 3; parameter++) {
                statement.setTimestamp(parameter, committedAt);
            }
            while (true) {
                try (var look = statement.executeQuery()) {
                    if (look.next()) {
                        return new Stopwatch(look.getDouble(1));
                    }
                }
                Thread.sleep(POLL.toMillis());
            }
        }
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
