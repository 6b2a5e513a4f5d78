package com.centrovision.sync.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.testing.Image;
import com.centrovision.sync.testing.SharedLab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code setup} with a person at the keyboard, on a terminal that {@code script} makes. */
class SetupDialogIT {
    private static final Path SCRIPT = Path.of("/usr/bin/script");

    private final Lab lab = SharedLab.get();
    private final Image image = Image.unpack().onlyTables(List.of("branches"));

    @AfterEach
    void close() {
        image.close();
    }

    @Test
    void asksUntilBothSidesLetItInAndShowsNoSecret() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(SCRIPT));
        lab.resetCloud();
        var clinic = lab.newClinic();
        var config = image.home().resolve("config/config.toml");

        var screen = dialog(
                "not an address",
                lab.supabaseUrl(),
                "wrong-key",
                "s",
                "",
                lab.serviceKey(),
                clinic.host(),
                String.valueOf(clinic.port()),
                clinic.name(),
                clinic.user(),
                clinic.password(),
                "s");

        assertTrue(Files.exists(config), screen);
        assertTrue(screen.contains("Se espera: solo la dirección del proyecto"), screen);
        assertTrue(screen.contains("CV-CLOUD-02"), screen);
        assertTrue(screen.contains("[" + lab.supabaseUrl() + "]"), screen);
        assertTrue(screen.contains("systemctl enable --now centrovision-sync"), screen);
        assertEquals(2, screen.split("AGE-SECRET-KEY-1").length, screen);
        assertTrue(Files.readString(config).contains("public_key = \"age1"), "no key for backups");
        for (var secret : List.of("wrong-key", lab.serviceKey(), clinic.password())) {
            assertFalse(screen.contains(secret), "a secret is on the screen");
        }
        assertEquals(0, image.run("init").exitCode());
    }

    @Test
    void whoGivesUpChangesNothing() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(SCRIPT));

        var screen = dialog("http://127.0.0.1:1", "key", "n");

        assertTrue(screen.contains("CV-CLOUD-01"), screen);
        assertTrue(screen.contains("No se cambió nada."), screen);
        assertFalse(Files.exists(image.home().resolve("config/config.toml")));
    }

    /** Whoever types ahead shows it on the screen. */
    private static int awaitQuestion(Path said, int seen) {
        return Awaitility.await()
                .until(
                        () -> Files.readString(said),
                        screen -> screen.length() > seen && (screen.endsWith(": ") || screen.endsWith("(s/n) ")))
                .length();
    }

    private String dialog(String... answers) throws IOException, InterruptedException {
        var said = Files.createTempFile("dialog", ".txt");
        var builder = new ProcessBuilder(
                        SCRIPT.toString(), "-qec", "'" + image.launcher() + "' setup --no-load", "/dev/null")
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        builder.environment().put("CENTROVISION_SYNC_LANG", "es");
        builder.environment().put("LC_ALL", "C.UTF-8");
        var process = builder.start();
        try (var keyboard = process.outputWriter()) {
            var seen = 0;
            for (var answer : answers) {
                seen = awaitQuestion(said, seen);
                keyboard.write(answer + "\n");
                keyboard.flush();
            }
            assertTrue(process.waitFor(90, TimeUnit.SECONDS), () -> "it waits for an answer");
        } finally {
            process.destroyForcibly();
        }
        var screen = Files.readString(said);
        Files.delete(said);
        return screen;
    }
}
