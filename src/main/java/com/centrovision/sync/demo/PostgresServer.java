package com.centrovision.sync.demo;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** One embedded PostgreSQL server on a loopback port that asks every client for a password. Not for several threads. */
final class PostgresServer implements AutoCloseable {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final String HOST = "127.0.0.1";

    private final Path dataDirectory;
    private final boolean replicates;
    private final int port = FreePorts.next();
    private final String password = CloudKeys.random(12);
    private EmbeddedPostgres postgres;

    private PostgresServer(Path dataDirectory, boolean replicates) {
        this.dataDirectory = dataDirectory;
        this.replicates = replicates;
    }

    static PostgresServer start(boolean replicates) throws IOException {
        var prefix = "centrovision-lab-" + ProcessHandle.current().pid() + "-";
        var server = new PostgresServer(Files.createTempDirectory(prefix), replicates);
        try {
            server.resume();
            server.demandPasswords();
            return server;
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    LabDatabase database(String name, String user) {
        return new LabDatabase(HOST, port, name, user, password);
    }

    LabDatabase administration() {
        return database("postgres", "postgres");
    }

    void createRole(String name, String attributes) {
        administration().execute("create role " + name + " " + attributes + " password '" + password + "'");
    }

    void pause() throws IOException {
        if (postgres != null) {
            postgres.close();
            postgres = null;
        }
    }

    /** Ends all its processes at once, as a power cut does. */
    void kill() throws IOException {
        var processes = processes();
        processes.forEach(ProcessHandle::destroyForcibly);
        processes.forEach(process -> process.onExit().join());
        pause();
    }

    /** The server and all that it has started. */
    List<ProcessHandle> processes() throws IOException {
        var pid = Long.parseLong(Files.readAllLines(dataDirectory.resolve("postmaster.pid"))
                .get(0)
                .strip());
        var server = ProcessHandle.of(pid).orElseThrow();
        return Stream.concat(Stream.of(server), server.descendants()).toList();
    }

    void resume() throws IOException {
        if (postgres != null) {
            return;
        }
        postgres = EmbeddedPostgres.builder()
                .setDataDirectory(dataDirectory)
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setPort(port)
                .setPGStartupWait(START_TIMEOUT)
                .setConnectConfig("password", password)
                .setServerConfig("listen_addresses", HOST)
                .setServerConfig("shared_buffers", "64MB")
                .setServerConfig("max_wal_size", "2GB")
                .setServerConfig("full_page_writes", "off")
                .setServerConfig("wal_level", replicates ? "logical" : "replica")
                .start();
    }

    private void demandPasswords() {
        administration().execute("alter role postgres password '" + password + "'");
        var rules = (String) administration().value("show hba_file").orElseThrow();
        administration()
                .execute("copy (select 'host all all 127.0.0.1/32 scram-sha-256') to '" + rules + "';"
                        + " select pg_reload_conf()");
    }

    /** A server that was started but did not become ready is known by its pid file alone. */
    private void killUnready() throws IOException {
        var pidFile = dataDirectory.resolve("postmaster.pid");
        if (Files.exists(pidFile)) {
            long pid = Long.parseLong(Files.readAllLines(pidFile).get(0).strip());
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    @Override
    public void close() {
        try {
            pause();
            killUnready();
            try (var files = Files.walk(dataDirectory)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("PostgreSQL on port " + port + " did not stop: " + e.getMessage(), e);
        }
    }
}
