package com.centrovision.sync.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.testing.ServiceHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract of `check --offline`: an integrator's files, without a clinic, a cloud or a configuration. */
class CheckOfflineTest {
    @TempDir
    private Path home;

    private CliRun cli;

    @BeforeEach
    void asShipped() throws IOException {
        ServiceHome.in(home).copy("routes/tables");
        cli = new CliRun(home);
    }

    @Test
    void theFilesAsShippedAreFine() {
        assertEquals(0, cli.run("check", "--offline"), cli.all());

        assertTrue(cli.out().contains("27 tables are declared"), cli.out());
        assertTrue(cli.out().strip().endsWith("All is well."), cli.out());
    }

    @Test
    void everyMistakeIsNamedWithFileAndLine() throws IOException {
        change(
                "routes/tables/rooms.camel.yaml",
                "value: rooms",
                "value: rooms\n      - name: directoin\n        value: up");
        change("routes/up.camel.yaml", "/sql/up/claim.sql", "/sql/up/clain.sql");
        change("routes/conflicts.camel.yaml", "uri: direct:cloud", "uri: direct:clout");
        change("routes/upkeep.camel.yaml", "uri: timer:heartbeat", "uri: tiner:heartbeat");
        change("routes/feed.camel.yaml", "period:", "periot:");
        change("routes/reconcile.camel.yaml", "steps:", "stepps:");
        change("routes/alerts.camel.yaml", "- route", "- [ route");
        Files.createDirectories(home.resolve("config"));
        Files.writeString(home.resolve("config/config.toml"), "[supabase]\nurl = 1\n");

        assertEquals(2, cli.run("check", "--offline"), cli.all());

        for (var said : List.of(
                "CV-CONFIG-0",
                "CV-TABLE-02 rooms.camel.yaml, line ",
                "up.camel.yaml, line .*: there is no file sql/up/clain.sql",
                "conflicts.camel.yaml, line 27: no route begins with direct:clout, the nearest is direct:cloud",
                "upkeep.camel.yaml, line .*: there is no component tiner",
                "feed.camel.yaml, line .*: timer has no option periot, the nearest is period",
                "reconcile.camel.yaml, line ",
                "alerts.camel.yaml, line ")) {
            assertTrue(
                    cli.out().lines().anyMatch(line -> line.matches(".*" + said + ".*")),
                    () -> said + "\n" + cli.all());
        }
    }

    @Test
    void theConsolesCertificateIsLookedAt() throws IOException {
        Files.createDirectories(home.resolve("config"));
        Files.writeString(
                home.resolve("config/config.toml"),
                """
                [supabase]
                url = "https://clinic.supabase.co"
                service_key = "sb_secret_0123456789abcdef"
                [local_postgres]
                password = "secret"
                [console]
                tls_file = "config/console.p12"
                tls_password = "p12-password"
                """);

        assertEquals(1, cli.run("check", "--offline"), cli.all());

        assertTrue(cli.out().contains("config/console.p12 does not serve (it does not exist)"), cli.out());
    }

    @Test
    void whatIsWrongWithAFileIsSaidInTheLanguageOfTheReader() throws IOException {
        change("routes/tables/rooms.camel.yaml", "routeId: rooms-down", "routeId: [rooms-down]");
        change(
                "routes/tables/patients.camel.yaml",
                "value: patients",
                "value: patients\n      - name: interval_seconds\n        value: tres");

        change("routes/up.camel.yaml", "/sql/up/claim.sql", "/sql/up/clain.sql");

        cli.speaking("es").run("check", "--offline");

        assertTrue(cli.out().contains("no se puede leer (aquí va un texto)"), cli.out());
        assertTrue(cli.out().contains("Escriba un número de 1 a 86400."), cli.out());
        assertTrue(
                cli.out()
                        .lines()
                        .anyMatch(line -> line.matches(".*línea \\d+: no existe el archivo sql/up/clain.sql.*")),
                cli.out());
    }

    private void change(String file, String from, String to) throws IOException {
        var path = home.resolve(file);
        var text = Files.readString(path);
        assertTrue(text.contains(from), file);
        Files.writeString(path, text.replaceFirst(Pattern.quote(from), to));
    }
}
