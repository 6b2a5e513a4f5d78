package com.centrovision.sync.testing;

import com.centrovision.sync.demo.FreePorts;
import com.centrovision.sync.demo.LabDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.springframework.util.FileSystemUtils;

/**
 * A PostgreSQL server of the distribution's own package, with its programs: the embedded one has no pg_dump, and Debian's
 * refuses a newer server. {@code .ci/run} installs it.
 */
public final class DebianServer implements AutoCloseable {
    private static final String USER = "centrovision_app";
    private static final String PASSWORD = "la contra:seña\\";

    private final Path programs;
    private final Path data;
    private final int port = FreePorts.next();

    private DebianServer(Path programs, Path data) {
        this.programs = programs;
        this.data = data;
    }

    /** Where its programs are; empty where none is installed. */
    public static Optional<Path> programs() {
        try (var versions = Files.list(Path.of("/usr/lib/postgresql"))) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> List.of("initdb", "pg_ctl", "pg_dump", "pg_restore").stream()
                            .allMatch(program -> Files.isExecutable(bin.resolve(program))))
                    .max(Comparator.comparing(
                            bin -> bin.getParent().getFileName().toString()));
        } catch (IOException none) {
            return Optional.empty();
        }
    }

    public static DebianServer start() {
        try {
            var server = new DebianServer(programs().orElseThrow(), Files.createTempDirectory("debian-postgres-"));
            server.run("initdb", "--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8");
            server.run(
                    "pg_ctl",
                    "--wait",
                    "--log=" + server.data.resolve("server.log"),
                    "--options=-p " + server.port + " -c fsync=off -c listen_addresses=127.0.0.1 "
                            + "-c unix_socket_directories=''",
                    "start");
            server.administration("postgres")
                    .execute(
                            "create role %s login createdb password '%s'; grant set on parameter session_replication_role, log_min_messages to %s"
                                    .formatted(USER, PASSWORD.replace("'", "''"), USER));
            Files.writeString(
                    server.data.resolve("data/pg_hba.conf"),
                    "host all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n");
            server.run("pg_ctl", "reload");
            return server;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A clinic's database with the demo's tables, of the service's own user. */
    public LabDatabase clinic(String name) {
        administration("postgres").execute("create database " + name + " owner " + USER);
        var clinic = database(name);
        try {
            clinic.execute(Files.readString(Path.of("sql/demo/schema.sql")));
            clinic.execute(Files.readString(Path.of("sql/demo/generate.sql")));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return clinic;
    }

    public LabDatabase database(String name) {
        return new LabDatabase("127.0.0.1", port, name, USER, PASSWORD);
    }

    public LabDatabase administration(String name) {
        return new LabDatabase("127.0.0.1", port, name, "postgres", "");
    }

    /** What the server has written to its log. */
    public String log() throws IOException {
        return Files.readString(data.resolve("server.log"));
    }

    /** PostgreSQL's programs do not run as root: then in a user namespace of their own. */
    private void run(String program, String... arguments) throws IOException {
        var command = new ArrayList<String>();
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("unshare", "-U"));
        }
        command.addAll(List.of(programs.resolve(program).toString(), "--pgdata=" + data.resolve("data")));
        command.addAll(List.of(arguments));
        var log = data.resolve(program + ".log");
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (process.waitFor() != 0) {
                throw new IOException(program + ": " + Files.readString(log));
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException(stopped);
        }
    }

    @Override
    public void close() {
        try {
            run("pg_ctl", "--mode=immediate", "stop");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } finally {
            FileSystemUtils.deleteRecursively(data.toFile());
        }
    }
}
