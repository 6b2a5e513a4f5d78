package com.centrovision.sync.cli;

import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Commands in the test's own process, in English, with a home and a configuration of the test's own. */
final class CliRun {
    private final Path home;
    private String out = "";
    private String err = "";

    private String language = "en";

    CliRun(Path home) {
        this.home = home;
    }

    /** Between the lab's cloud and this clinic. */
    static CliRun of(Path home, Lab lab, LabDatabase clinic) throws IOException {
        return new CliRun(home).configure(lab.supabaseUrl(), lab.serviceKey(), clinic.port(), clinic);
    }

    CliRun configure(String url, String key, int port, LabDatabase clinic) throws IOException {
        Files.createDirectories(home.resolve("config"));
        Files.writeString(
                home.resolve("config/config.toml"),
                """
                [supabase]
                url = "%s"
                service_key = "%s"
                [local_postgres]
                host = "%s"
                port = %d
                database = "%s"
                user = "%s"
                password = "%s"
                [sync]
                interval_seconds = 1
                [logging]
                file = "log/sync.log"
                """
                        .formatted(url, key, clinic.host(), port, clinic.name(), clinic.user(), clinic.password()));
        return this;
    }

    CliRun speaking(String language) {
        this.language = language;
        return this;
    }

    int run(String... arguments) {
        var written = new StringWriter();
        var failed = new StringWriter();
        var exitCode = new Cli(Map.of("CENTROVISION_SYNC_HOME", home.toString(), "CENTROVISION_SYNC_LANG", language))
                .commandLine(Cli.commands())
                .setOut(new PrintWriter(written, true))
                .setErr(new PrintWriter(failed, true))
                .execute(arguments);
        out = written.toString();
        err = failed.toString();
        return exitCode;
    }

    String out() {
        return out;
    }

    String err() {
        return err;
    }

    String all() {
        return out + err;
    }

    JsonNode json() throws IOException {
        return new ObjectMapper().readTree(out);
    }
}
