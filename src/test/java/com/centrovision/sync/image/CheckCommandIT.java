package com.centrovision.sync.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
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

/** The contract of the command `check`, and of a configuration that names another project (protocol 3.5). */
class CheckCommandIT {
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
    }

    @Test
    void saysALineOfEachCheckInTheReadersLanguageAndChangesNothing() throws IOException {
        image.environment("LANG", "es_HN.UTF-8").environment("CENTROVISION_SYNC_LANG", "es");
        Files.setPosixFilePermissions(
                image.home().resolve("config/config.toml"), PosixFilePermissions.fromString("rw-r--r--"));

        var ended = image.run("check");

        assertEquals(0, ended.exitCode(), ended.out() + ended.err());
        assertEquals("", ended.err());
        assertTrue(ended.out().contains(" aviso ") && ended.out().contains("chmod o-r "), ended.out());
        assertTrue(ended.out().contains(" bien "), ended.out());
        assertTrue(ended.out().strip().endsWith("Todo está bien."), ended.out());
        assertTrue(ended.out().lines().count() >= 10, ended.out());
        assertEquals(0, clinic.count("pg_class where relname like '\\_sync%'"));
        assertTrue(Files.notExists(image.home().resolve("log")));
    }

    @Test
    void endsWithOneWhenSomethingIsFound() {
        clinic.execute("alter table patients add column nickname text not null");

        var ended = image.run("check");

        assertEquals(1, ended.exitCode(), ended.out() + ended.err());
        assertTrue(
                ended.out().contains("wrong") && ended.out().contains("patients: the column nickname "), ended.out());
    }

    @Test
    void namesEachFileThatIsWrongWithItsLine() {
        image.write(
                "routes/tables/rooms.camel.yaml",
                image.read("routes/tables/rooms.camel.yaml")
                        .replace("rooms\n", "rooms\n          - name: directoin\n            value: up\n"));
        image.write("routes/up.camel.yaml", image.read("routes/up.camel.yaml") + "- route: [\n");
        image.write(
                "routes/conflicts.camel.yaml",
                image.read("routes/conflicts.camel.yaml").replace("steps:", "stepps:"));

        var ended = image.run("check");

        assertEquals(2, ended.exitCode(), ended.out() + ended.err());
        assertTrue(ended.out().contains("CV-TABLE-0"), ended.out());
        assertTrue(ended.out().contains("rooms.camel.yaml, line "), ended.out());
        assertTrue(
                ended.out()
                        .lines()
                        .anyMatch(line -> line.contains("CV-RUN-02") && line.contains(" up.camel.yaml, line ")),
                ended.out());
        assertTrue(
                ended.out()
                        .lines()
                        .anyMatch(
                                line -> line.contains("CV-RUN-02") && line.contains("conflicts.camel.yaml, line 11: ")),
                ended.out());
        assertEquals("", ended.err());
    }

    @Test
    void endsWithThreeWhenASideCannotBeReached() {
        image.set("local_postgres", "port", "1");

        var ended = image.run("check");

        assertEquals(3, ended.exitCode(), ended.out() + ended.err());
        assertTrue(ended.out().contains("CV-CLINIC-01 "), ended.out());
        assertTrue(ended.out().contains("accepts the key"), ended.out());
    }

    @Test
    void anotherProjectStopsEveryCommandUntilItIsAccepted() {
        assertEquals(0, image.run("once").exitCode());
        image.set("supabase", "url", Image.quoted(lab.supabaseUrl().replace("127.0.0.1", "localhost")));

        assertRefused(image.run("once"));
        assertRefused(image.run("run"));
        assertRefused(image.run("init"));
        var checked = image.run("check");
        assertEquals(2, checked.exitCode(), checked.out());
        assertTrue(checked.out().contains("CV-CLOUD-07 "), checked.out());

        var accepted = image.run("init", "--accept-cloud");

        assertEquals(0, accepted.exitCode(), accepted.err());
        assertEquals(0, image.run("once").exitCode());
    }

    private static void assertRefused(Ended ended) {
        assertEquals(2, ended.exitCode(), ended.out() + ended.err());
        var problems = ended.errorLines().stream()
                .filter(line -> !line.matches("\\d{4}-\\S+Z +INFO .*"))
                .toList();
        assertEquals(1, problems.size(), ended.err());
        assertTrue(problems.get(0).startsWith("CV-CLOUD-07 "), ended.err());
        assertTrue(problems.get(0).contains("init --accept-cloud"), ended.err());
    }
}
