package com.centrovision.sync.image;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.testing.BothSides;
import com.centrovision.sync.testing.Image;
import com.centrovision.sync.testing.SharedLab;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Mistakes in route files: named with file and line, and all other tables sync. */
class TableFilesIT {
    private static final List<String> MISTAKES =
            List.of("rooms", "studies", "payments", "services", "profiles", "crm_leads");

    private final Lab lab = SharedLab.get();
    private LabDatabase clinic;
    private Image image;

    @BeforeEach
    void newClinic() {
        lab.resetCloud();
        lab.cloud().generate("tables", 20);
        clinic = lab.newClinic();
        image = Image.of(lab, clinic);
    }

    @AfterEach
    void close() {
        image.close();
        lab.resetCloud();
    }

    @Test
    void mistakesAreNamedAndAllOtherTablesSyncOnce() {
        makeMistakes();

        var ended = image.run("once");

        assertEquals(2, ended.exitCode(), ended.out() + ended.err());
        assertMistakesAreNamed(ended.err());
        assertMistakesAreNamed(image.read("log/sync.log"));
        assertOthersAreEqual(MISTAKES);
    }

    @Test
    void mistakesAreNamedAndAllOtherTablesSyncWhileTheServiceRuns() {
        makeMistakes();

        var service = image.start("run");

        await().atMost(Duration.ofSeconds(120)).untilAsserted(() -> assertOthersAreEqual(MISTAKES));
        assertTrue(service.isAlive());
        var ended = service.terminate();
        assertEquals(0, ended.exitCode(), ended.err());
        assertMistakesAreNamed(ended.err());
    }

    @Test
    void initNamesThemAndPreparesTheOthers() {
        makeMistakes();

        var ended = image.run("init");

        assertEquals(2, ended.exitCode());
        assertMistakesAreNamed(ended.err());
        assertEquals(6, ended.errorLines().size(), ended.err());
        assertEquals(21, clinic.count("pg_trigger where tgname like 'sync\\_changes\\_%'"));
    }

    @Test
    void oneTableInTwoFilesIsOneTable() {
        image.write(
                "routes/tables/patients.yaml",
                image.read("routes/tables/patients.camel.yaml")
                        .replace("routeId: patients-down", "routeId: more-patients"));

        var ended = image.run("once");

        assertEquals(2, ended.exitCode(), ended.out() + ended.err());
        assertTrue(ended.err().contains("CV-TABLE-03 ") && ended.err().contains("patients.yaml"), ended.err());
        BothSides.assertEqual(lab, clinic);
    }

    @Test
    void aRouteIdOfTheProgramsOwnStopsTheStart() {
        image.write(
                "routes/tables/patients.camel.yaml",
                image.read("routes/tables/patients.camel.yaml").replace("routeId: patients-down", "routeId: cloud"));

        var ended = image.run("once");

        assertEquals(2, ended.exitCode(), ended.out() + ended.err());
        assertTrue(
                ended.err().contains("CV-TABLE-03 The route cloud is in two files: patients.camel.yaml"), ended.err());
    }

    @Test
    void tablesThatOneSideLacksAreReportedOnceAndDoNotDisturb() {
        clinic.execute("drop table cash_closures");
        lab.cloud().execute("alter table inventory_movements rename to elsewhere");
        lab.reloadCloudSchema();
        try {
            var ended = image.run("once");

            assertEquals(0, ended.exitCode(), ended.out() + ended.err());
            assertSaidOnce("table left out table=cash_closures side=clinic reason=missing");
            assertSaidOnce("table left out table=inventory_movements side=cloud reason=missing");
            assertOthersAreEqual(List.of("cash_closures", "elsewhere"));
            assertEquals(0, image.run("status").exitCode());
        } finally {
            lab.cloud().execute("alter table elsewhere rename to inventory_movements");
            lab.reloadCloudSchema();
        }
    }

    @Test
    void aMalformedSharedRouteStopsTheStartInOneLine() {
        endsInOneLine("once", "- route:\n    id: up\n   group: [\n");
        endsInOneLine("run", "- route:\n    id: up\n    from:\n      uri: nothing:here\n");
        endsInOneLine("once", "- rout:\n    id: up\n");
    }

    private void endsInOneLine(String command, String broken) {
        image.write("routes/up.camel.yaml", broken);
        var ended = image.run(command);

        assertEquals(2, ended.exitCode(), ended.err());
        var problems = ended.errorLines().stream()
                .filter(line -> !line.contains(" INFO "))
                .toList();
        assertEquals(1, problems.size(), ended.err());
        assertTrue(problems.get(0).startsWith("CV-RUN-02 ") && problems.get(0).contains("up.camel.yaml"), ended.err());
        assertFalse(image.read("log/sync.log").contains("\n\tat "), image.read("log/sync.log"));
    }

    private void makeMistakes() {
        image.write(
                "routes/tables/rooms.camel.yaml",
                "- templatedRoute:\n    routeTemplateRef: table-down\n   routeId: [\n");
        change("studies", "parameters:", "parameters:\n      - name: confilcts\n        value: merge");
        change("payments", "routeId: payments-down", "routeId: patients-down");
        change("services", "routeTemplateRef: table-down", "routeTemplateRef: table-dawn");
        change("profiles", "parameters:", "parameters:\n      - name: direction\n        value: sideways");
        change("crm_leads", "value: crm_leads", "value: crm_lead");
    }

    private void change(String table, String from, String to) {
        var file = "routes/tables/" + table + ".camel.yaml";
        image.write(file, image.read(file).replace(from, to));
    }

    private static void assertMistakesAreNamed(String text) {
        for (var mistake : List.of(
                "CV-TABLE-01 rooms.camel.yaml, line 3: ",
                "CV-TABLE-02 studies.camel.yaml, line 7: there is no parameter confilcts. Did you mean conflicts?",
                "CV-TABLE-03 The route patients-down is in two files: payments.camel.yaml and patients.camel.yaml",
                "CV-TABLE-04 services.camel.yaml, line 4: there is no template table-dawn.",
                "CV-TABLE-06 profiles.camel.yaml, line 7: direction cannot be sideways.",
                "CV-TABLE-07 crm_leads.camel.yaml describes the table crm_lead.")) {
            assertTrue(text.contains(mistake), () -> mistake + "\nis not in\n" + text);
        }
    }

    private void assertOthersAreEqual(List<String> left) {
        for (var table : BothSides.tables(lab.cloud())) {
            if (!left.contains(table)) {
                assertEquals(lab.cloud().count(table), clinic.count(table), table);
            }
        }
    }

    private void assertSaidOnce(String text) {
        assertEquals(
                1,
                image.read("log/sync.log")
                        .lines()
                        .filter(line -> line.contains(text))
                        .count(),
                () -> text + "\n" + image.read("log/sync.log"));
    }
}
