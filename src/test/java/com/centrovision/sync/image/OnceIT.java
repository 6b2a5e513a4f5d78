package com.centrovision.sync.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.demo.Fault;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.testing.BothSides;
import com.centrovision.sync.testing.Image;
import com.centrovision.sync.testing.ImageProcess.Ended;
import com.centrovision.sync.testing.SharedLab;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code once}: what it prints and how it ends. */
class OnceIT {
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
        lab.resetCloud();
    }

    @Test
    void printsALineForEachTableAndEndsEqual() {
        lab.cloud().generate("progress", 120);

        var ended = image.run("once");

        assertEnd(0, ended);
        for (var table : BothSides.tables(lab.cloud())) {
            var rows = lab.cloud().count(table);
            var line = Pattern.compile(
                    "(?m)^" + table + " +" + String.format("%,d", rows) + " rows +[\\d,]+ rows/s +100 %$");
            assertTrue(rows == 0 || line.matcher(ended.out()).find(), () -> table + " " + rows + "\n" + ended.out());
        }
        assertTrue(ended.out().endsWith("Both sides are equal.\n"), ended.out());
        BothSides.assertEqual(lab, clinic);
    }

    @Test
    void speaksSpanishToSpanishReaders() {
        lab.cloud().generate("palabras", 5);
        image.environment("LANG", "es_HN.UTF-8");

        var ended = image.run("once");

        assertEnd(0, ended);
        assertTrue(ended.out().matches("(?sm).*^patients +5 filas .* filas/s  100 %$.*"), ended.out());
    }

    @Test
    void showsTheShareOfALoadThatTakesLong() {
        image.set("sync", "page_rows", "100");
        lab.cloud().generatePatients("long", 4000);
        lab.cloud().execute("analyze patients");
        lab.gateway().fault(Fault.slowLine(400_000).matching("GET", "/patients"));

        var ended = image.run("once");

        assertEnd(0, ended);
        assertTrue(
                ended.out().matches("(?s).*\\npatients +[\\d,]+ rows +[\\d,]+ rows/s  [1-9]\\d? %\\n.*"), ended.out());
    }

    @Test
    void isDoneAtOnceWhenNothingChanged() {
        lab.cloud().generate("quiet", 20);
        assertEnd(0, image.run("once"));

        var ended = image.run("once");

        assertEnd(0, ended);
        assertEquals("Both sides are equal.\n", ended.out());
    }

    @Test
    void saysWhatTheCloudRefusesAndSendsTheRest() {
        image.onlyTables(List.of("branches", "patients"));
        assertEnd(0, image.run("once"));
        lab.cloud().execute("alter table patients add constraint only_here check (first_name <> 'Prohibida')");
        try {
            clinic.execute("insert into patients (first_name, last_name) values ('Prohibida', 'A'), ('Buena', 'B')");

            var ended = image.run("once");

            assertEnd(1, ended);
            assertTrue(
                    ended.out().contains("Not everything is equal: 1 changes wait for the cloud, 0 rows"), ended.out());
            assertEquals(1, lab.cloud().count("patients"));
        } finally {
            lab.cloud().execute("alter table patients drop constraint only_here");
        }
        assertEnd(0, image.run("once"));
        BothSides.assertEqual(lab, clinic);
    }

    @Test
    void saysWhatTheClinicRefusesAndBringsTheRest() {
        image.onlyTables(List.of("branches", "patients"));
        clinic.execute("alter table patients add constraint only_here check (first_name <> 'Prohibida')");
        lab.cloud().execute("insert into patients (first_name, last_name) values ('Prohibida', 'A'), ('Buena', 'B')");

        var ended = image.run("once");

        assertEnd(1, ended);
        assertTrue(ended.out().contains("0 changes wait for the cloud, 1 rows wait for the clinic"), ended.out());
        assertTrue(ended.out().contains("patients: the two sides have different numbers of rows."), ended.out());
        assertEquals(1, clinic.count("patients"));

        clinic.execute("alter table patients drop constraint only_here");
        assertEnd(0, image.run("once"));
        BothSides.assertEqual(lab, clinic);
    }

    @Test
    void saysThatARowWaitsForAPerson() {
        image.onlyTables(List.of("crm_pipelines"));
        var file = "routes/tables/crm_pipelines.camel.yaml";
        image.write(file, image.read(file).stripTrailing() + "\n      - name: conflicts\n        value: manual\n");
        lab.cloud().execute("insert into crm_pipelines (name) values ('base')");
        assertEnd(0, image.run("once"));
        lab.cloud().execute("update crm_pipelines set name = 'nube'");
        clinic.execute("update crm_pipelines set name = 'clínica'");

        var ended = image.run("once");

        assertEnd(1, ended);
        assertTrue(ended.out().contains("1 rows wait for a person to decide their conflict."), ended.out());
        assertEnd(0, image.run("conflicts", "resolve", "1", "--keep", "local"));
        assertEnd(0, image.run("once"));
        BothSides.assertEqual(lab, clinic);
    }

    @Test
    void saysThatTheCloudStoppedAnsweringAndGoesOnNextTime() {
        image.onlyTables(List.of("branches", "patients"))
                .set("sync", "page_rows", "100")
                .set("sync", "retry_max_attempts", "1");
        lab.cloud().generatePatients("cut", 1500);
        lab.gateway().fault(Fault.status(503).after(10));

        assertEnd(3, image.run("once"));

        lab.gateway().heal();
        assertEnd(0, image.run("once"));
        BothSides.assertEqual(lab, clinic);
    }

    private static void assertEnd(int exitCode, Ended ended) {
        assertEquals(exitCode, ended.exitCode(), ended.out() + ended.err());
    }
}
