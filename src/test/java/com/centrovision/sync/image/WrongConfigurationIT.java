package com.centrovision.sync.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.testing.Image;
import com.centrovision.sync.testing.ImageProcess.Ended;
import com.centrovision.sync.testing.SharedLab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is wrong in the configuration, or with those it names: one line, the exit code, and nothing changed. */
class WrongConfigurationIT {
    private final Lab lab = SharedLab.get();
    private LabDatabase clinic;
    private Image image;

    @BeforeEach
    void newClinic() {
        lab.resetCloud();
        clinic = lab.newClinic();
        image = Image.of(lab, clinic);
    }

    @AfterEach
    void close() {
        image.close();
        lab.gateway().heal();
    }

    @Test
    void missingFile() throws IOException {
        Files.delete(image.home().resolve("config/config.toml"));

        assertRefused(2, "CV-CONFIG-01 ", image.run("once"));
        assertRefused(2, "CV-CONFIG-01 ", image.run("run"));
        assertRefused(2, "CV-CONFIG-01 ", image.run("init"));
        assertRefused(2, "CV-CONFIG-01 ", image.run("status"));
        assertRefused(2, "CV-CONFIG-01 ", image.run("check"));
    }

    @Test
    void malformedFile() {
        image.write("config/config.toml", "[supabase]\nurl = \"https://x\nservice_key = \"k\"\n");

        assertRefused(2, "CV-CONFIG-02 config.toml, line 2", image.run("once"));
    }

    @Test
    void unknownKeyWithTheNearest() {
        image.set("supabase", "servise_key", "\"x\"");

        var ended = image.run("once");

        assertRefused(2, "CV-CONFIG-04 config.toml, line ", ended);
        assertTrue(ended.err().contains("servise_key") && ended.err().contains("service_key?"), ended.err());
    }

    @Test
    void wrongType() {
        image.set("sync", "batch_size", "\"many\"");

        var ended = image.run("once");

        assertRefused(2, "CV-CONFIG-05 config.toml, line ", ended);
        assertTrue(ended.err().contains("sync.batch_size"), ended.err());
    }

    @Test
    void clinicThatDoesNotAnswer() {
        image.set("local_postgres", "port", "1");

        for (var command : new String[] {"init", "once", "status"}) {
            assertRefused(3, "CV-CLINIC-01 ", image.run(command));
        }
    }

    @Test
    void clinicThatRefusesThePassword() {
        image.set("local_postgres", "password", "\"not this one\"");

        var ended = image.run("once");

        assertRefused(3, "CV-CLINIC-02 ", ended);
        assertFalse(ended.err().contains("not this one"), ended.err());
    }

    @Test
    void clinicWithoutTheDatabase() {
        image.set("local_postgres", "database", "\"nowhere\"");

        assertRefused(3, "CV-CLINIC-03 ", image.run("once"));
    }

    @Test
    void cloudThatDoesNotAnswer() {
        image.set("supabase", "url", "\"http://127.0.0.1:1\"");

        assertRefused(3, "CV-CLOUD-01 ", image.run("once"));
    }

    @Test
    void cloudThatRefusesTheKey() {
        image.set("supabase", "service_key", "\"sb_secret_wrong\"");

        var ended = image.run("once");

        assertRefused(3, "CV-CLOUD-02 ", ended);
        assertFalse(ended.err().contains("sb_secret_wrong"), ended.err());
    }

    @Test
    void keysThatOnlyPatientsAndVisitorsMayUse() {
        clinic.generate("anon", 5);
        for (var key : new String[] {lab.anonKey(), lab.publishableKey()}) {
            image.set("supabase", "service_key", Image.quoted(key));

            for (var command : new String[] {"init", "once", "run", "status", "check"}) {
                var ended = image.run(command);

                assertRefused(2, "CV-CONFIG-", ended);
                assertFalse(ended.err().contains(key), ended.err());
            }
        }
        assertEquals(0, lab.cloud().count("patients"));
    }

    @Test
    void fileThatEverybodyMayReadIsWarnedOf() throws IOException {
        var file = image.home().resolve("config/config.toml");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        var ended = image.run("once");

        assertEquals(0, ended.exitCode(), ended.err());
        var warnings = image.read("log/sync.log")
                .lines()
                .filter(line -> line.contains(" WARN ") && line.contains("chmod o-r " + file))
                .count();
        assertEquals(1, warnings, image.read("log/sync.log"));
    }

    /** One line with the code, and no control table in the clinic that init did not make before. */
    private void assertRefused(int exitCode, String beginning, Ended ended) {
        var problems = ended.errorLines().stream()
                .filter(line -> !line.matches("\\d{4}-\\S+Z +INFO .*"))
                .toList();
        assertEquals(1, problems.size(), ended.err());
        assertTrue(problems.get(0).startsWith(beginning), ended.err());
        assertEquals(exitCode, ended.exitCode(), ended.err());
        assertEquals("", ended.out());
    }
}
