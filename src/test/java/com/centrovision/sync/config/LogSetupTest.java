package com.centrovision.sync.config;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import com.centrovision.sync.config.Config.Logging;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.event.Level;

class LogSetupTest {
    @TempDir
    Path home;

    private final LoggerContext context = new LoggerContext();
    private final ByteArrayOutputStream console = new ByteArrayOutputStream();
    private final PrintStream standardError = System.err;

    @BeforeEach
    void catchTheConsole() {
        context.setMDCAdapter(new LogbackMDCAdapter());
        System.setErr(new PrintStream(console, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void giveTheConsoleBack() {
        context.stop();
        System.setErr(standardError);
    }

    @Test
    void writesOneLineAnEventToTheConsoleAndToTheFile() throws IOException {
        start(Level.INFO, Path.of("log/sync.log"));

        logger("down.Pages").atInfo().addKeyValue("rows", 100).log("rows applied table={}", "patients\nñ");

        var lines = Files.readAllLines(home.resolve("log/sync.log"));
        assertEquals(console.toString(StandardCharsets.UTF_8).lines().toList(), lines);
        assertEquals(1, lines.size());
        assertTrue(
                lines.get(0)
                        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z INFO  down  rows applied"
                                + " table=patients ñ rows=100"),
                lines.get(0));
    }

    @Test
    void tellsWarningsAloneBeforeTheConfigurationIsRead() {
        LogSetup.startWithWarnings(context);

        logger("down.Pages").info("rows applied");
        logger("App").warn("stopped", new IOException("closed"));

        assertEquals(1, lines().size(), lines()::toString);
        assertTrue(lines().get(0).endsWith("WARN  app  stopped error=\"IOException: closed\""), lines()::toString);
    }

    @Test
    void tellsAnExceptionInItsLineAndItsPlacesOnlyAtDebug() {
        start(Level.INFO, Path.of("sync.log"));
        logger("App").warn("stopped", new IOException("closed"));
        assertTrue(lines().get(0).endsWith("WARN  app  stopped error=\"IOException: closed\""), lines()::toString);
        assertEquals(1, lines().size());

        start(Level.DEBUG, Path.of("sync.log"));
        logger("App").warn("stopped", new IOException("closed"));
        assertTrue(lines().get(2).equals("IOException: closed"), lines()::toString);
        assertTrue(lines().get(3).startsWith("    at "), lines()::toString);
    }

    @Test
    void goesOnWithTheConsoleWhenTheFileCannotBeWritten() throws IOException {
        var obstacle = Files.createFile(home.resolve("obstacle"));

        start(Level.INFO, obstacle.resolve("sync.log"));
        logger("down.Pages").info("still here");

        assertEquals(2, lines().size());
        assertTrue(
                lines().get(0).contains("WARN  config  log file cannot be written, console only"), lines()::toString);
        assertTrue(lines().get(1).endsWith("still here"));
    }

    @Test
    void keepsAsManyFilesAsAsked() {
        start(Level.INFO, Path.of("sync.log"), 1, 2);
        var flood = "x".repeat(1_100_000);

        await().until(() -> {
            logger("down.Pages").info(flood);
            return Files.exists(home.resolve("sync.log.1"));
        });
        var first = fileSize("sync.log.1");
        await().until(() -> {
            logger("down.Pages").info(flood + flood);
            return fileSize("sync.log.1") != first;
        });

        assertFalse(Files.exists(home.resolve("sync.log.2")));
    }

    @Test
    void hearsLibrariesOnlyWhenTheyWarn() {
        start(Level.INFO, Path.of("sync.log"));
        context.getLogger("org.apache.camel.main.Main").info("started");
        context.getLogger("org.apache.camel.main.Main").warn("odd");

        assertEquals(1, lines().size());
        assertTrue(lines().get(0).endsWith("WARN  Main  odd"), lines()::toString);
    }

    @Test
    void neverLetsAnHttpClientTellItsBodies() {
        start(Level.DEBUG, Path.of("sync.log"));
        context.getLogger("org.apache.hc.client5.http.wire").debug("apikey: secret");
        context.getLogger("org.apache.camel.main.Main").info("started");

        assertFalse(lines().toString().contains("secret"));
        assertEquals(1, lines().size());
    }

    private void start(Level level, Path file) {
        start(level, file, 10, 5);
    }

    private void start(Level level, Path file, int maxSizeMb, int maxFiles) {
        LogSetup.start(context, new Logging(level, file, maxSizeMb, maxFiles), home);
    }

    private long fileSize(String name) {
        return home.resolve(name).toFile().length();
    }

    /** Before the console knows who asks. */
    @Test
    void whoAsksTheConsoleForAnAddressThatIsNoneDoesNotFillTheLog() throws IOException {
        start(Level.INFO, Path.of("log/sync.log"));

        context.getLogger("io.vertx.ext.web.RoutingContext").error("Unhandled exception in router");

        assertEquals(List.of(), Files.readAllLines(home.resolve("log/sync.log")));
    }

    private Logger logger(String name) {
        return context.getLogger("com.centrovision.sync." + name);
    }

    private List<String> lines() {
        return console.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
