package com.centrovision.sync.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.clinic.ClinicDatabase;
import com.centrovision.sync.clinic.ControlTables;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.SharedLab;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code conflicts}: what a person reads and decides, without a service. */
class ConflictsCommandIT {
    private static final String ID = "00000000-0000-0000-0000-0000000000c1";
    private static final String LONG = "Prefiere que se le llame por la tarde.\nViene con su hija.";

    private final LabDatabase clinic = SharedLab.get().newClinic();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private String language = "es";

    @TempDir
    private Path home;

    /** One conflict that the cloud won, and one that is held. */
    @BeforeEach
    void prepare() throws IOException {
        Files.createDirectories(home.resolve("config"));
        Files.writeString(
                home.resolve("config/config.toml"),
                """
                [supabase]
                url = "https://example.supabase.co"
                service_key = "sb_secret_none"
                [local_postgres]
                host = "%s"
                port = %d
                database = "%s"
                user = "%s"
                password = "%s"
                """
                        .formatted(clinic.host(), clinic.port(), clinic.name(), clinic.user(), clinic.password()));
        var settings = ClinicService.config(SharedLab.get(), clinic).localPostgres();
        try (var database = new ClinicDatabase(settings, 2)) {
            database.start();
            new ControlTables(database.dataSource(), Path.of("sql")).upgrade();
        }
        clinic.query("select sync_declare_table('patients', 'both', 'last-write-wins', '', '{}')::text");
        clinic.query(
                """
                select sync_learn_table('patients', array(
                  select attname::text from pg_attribute
                  where attrelid = 'patients'::regclass and attnum > 0 and not attisdropped))
                """);
        clinic.query("select sync_install_table('patients')");
        clinic.execute(
                "set app.is_sync = 'true'; insert into patients (id, first_name, last_name, phone, notes, updated_at) "
                        + "values ('" + ID + "', 'Ana', 'Núñez', '1', 'base', '2026-01-01Z')");
        clinic.execute("update patients set phone = '2'");
        conflict("3", "2036-01-01T12:00:00Z");
        clinic.execute("update _sync_metadata set strategy = 'manual'");
        clinic.execute("update patients set phone = '4', notes = E'" + LONG.replace("\n", "\\n") + "'");
        conflict("5", "2026-03-04T18:07:09Z");
    }

    private void conflict(String phone, String stamp) {
        clinic.query(
                """
                select sync_resolve('patients', id, (to_jsonb(p) || jsonb_build_object(
                  'phone', ?::text, 'notes', 'base', 'updated_at', ?::text))::json, 400, 3, 1)
                from patients p
                """,
                phone,
                stamp);
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        var environment = Map.of("CENTROVISION_SYNC_HOME", home.toString(), "CENTROVISION_SYNC_LANG", language);
        return new Cli(environment)
                .commandLine(Cli.commands())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private JsonNode json() throws JsonProcessingException {
        return new ObjectMapper().readTree(out.toString());
    }

    @Test
    void listsWhatWaitsForAPersonFirstAndNoCellValue() {
        assertEquals(0, run("conflicts", "list"), err::toString);

        var lines = out.toString().lines().toList();
        assertEquals(3, lines.size(), out::toString);
        assertTrue(lines.get(0).startsWith("id     cuándo"), out::toString);
        assertTrue(
                lines.get(1)
                        .matches("2 +\\d\\d/\\d\\d/\\d{4} \\d\\d:\\d\\d patients +" + ID
                                + " espera +manual +ambos lados la cambiaron"),
                out::toString);
        assertTrue(lines.get(2).matches("1 .* nube +last-write-wins +ambos lados la cambiaron"), out::toString);
        assertFalse(out.toString().contains("Ana"), out::toString);
    }

    @Test
    void listsTheNewestDecidedOnesUnlessAskedForAll() {
        clinic.execute(
                """
                insert into _conflicts (table_name, record_id, kind, strategy, winner, resolved_at, resolution)
                select 'patients', gen_random_uuid(), 'insert_insert', 'merge', 'local', now() - i * interval '1 day', 'local'
                from generate_series(1, 30) i
                """);
        language = "en";

        run("conflicts", "list");
        assertEquals(1 + 1 + 20 + 1, out.toString().lines().count(), out::toString);
        assertTrue(out.toString().contains("Of the decided ones, the newest 20"), out::toString);

        run("conflicts", "list", "--all");
        assertEquals(1 + 1 + 31, out.toString().lines().count(), out::toString);
    }

    @Test
    void listsAsJson() throws JsonProcessingException {
        assertEquals(0, run("conflicts", "list", "--json"));

        assertEquals(2, json().size());
        assertEquals(2, json().at("/0/id").asInt());
        assertEquals("patients", json().at("/0/table_name").asText());
        assertTrue(json().at("/0/winner").isNull());
        assertEquals("remote", json().at("/1/resolution").asText());
        assertFalse(out.toString().contains("Ana"), out::toString);
    }

    @Test
    void showsWhatDiffersAndWhoChangedIt() {
        assertEquals(0, run("conflicts", "show", "2"), err::toString);

        var shown = out.toString();
        assertTrue(shown.startsWith("Conflicto 2: patients " + ID + System.lineSeparator()), shown);
        assertTrue(shown.contains("ambos lados la cambiaron. Estrategia manual; decisión: espera."), shown);
        assertTrue(shown.contains("en la nube 04/03/2026 12:07:09. El reloj de la nube iba +0.4 s adelante."), shown);
        assertTrue(shown.matches("(?s).*\\nphone +3 +\\* 4 +\\* 5 +-\\n.*"), shown);
        assertTrue(shown.matches("(?s).*\\nnotes +base +\\* Prefiere que se le ll…  +base +-\\n.*"), shown);
        assertFalse(shown.contains("Ana"), shown);
        assertTrue(shown.contains("Los valores largos están cortados"), shown);
    }

    @Test
    void showsEveryValueInFullWhenAsked() {
        clinic.execute(
                "update _conflicts set remote_data = remote_data || '{\"phone\": \"\\u001b[2J5\"}' where id = 2");

        run("conflicts", "show", "2", "--full");

        assertTrue(out.toString().contains("Prefiere que se le llame por la tarde.\n             Viene con su hija."));
        assertTrue(out.toString().contains("\uFFFD[2J5"), out::toString);
        assertFalse(out.toString().contains("cortados"), out::toString);
    }

    @Test
    void showsAsJson() throws JsonProcessingException {
        assertEquals(0, run("conflicts", "show", "1", "--json"));

        assertEquals(1, json().at("/id").asInt());
        assertEquals(400, json().at("/skew_ms").asInt());
        assertEquals(1, json().at("/columns").size(), out::toString);
        assertEquals(
                new ObjectMapper()
                        .readTree(
                                """
                                {"name": "phone", "base": "1", "clinic": "2", "cloud": "3", "result": "3",
                                 "changed_by_clinic": true, "changed_by_cloud": true}
                                """),
                json().at("/columns/0"));
        assertTrue(json().at("/equal_columns").asInt() > 15);
    }

    @Test
    void tellsWhoDecidedAndEndsWithZeroWhereItIsSoAlready() {
        assertEquals(0, run("conflicts", "resolve", "2", "--keep", "remote", "--by", "Dra. Paz"), err::toString);
        assertEquals("Conflicto 2: queda la versión de la nube.", out.toString().strip());
        assertEquals(0, run("conflicts", "resolve", "2", "--keep", "REMOTE"));
        assertTrue(out.toString().contains("ya es así; lo que queda es: nube, lo decidió Dra. Paz el"), out::toString);

        assertEquals(1, run("conflicts", "resolve", "2", "--keep", "local"));

        assertTrue(err.toString().startsWith("CV-CONFLICT-02 El conflicto 2 lo decidió Dra. Paz el"), err::toString);
        assertEquals("5", clinic.value("select phone from patients").orElseThrow());
    }

    @Test
    void namesTheUserOfTheMachineWhereNobodyIsNamed() {
        run("conflicts", "resolve", "2", "--keep", "local");

        assertEquals(
                System.getProperty("user.name"),
                clinic.value("select resolved_by from _conflicts where id = 2").orElseThrow());
    }

    @Test
    void endsWithOneAndALineWhereNothingCouldBeDecided() {
        clinic.execute("update patients set phone = '6'");

        assertEquals(1, run("conflicts", "resolve", "2", "--keep", "local"));
        assertTrue(err.toString().startsWith("CV-CONFLICT-03 "), err::toString);
        assertEquals(1, run("conflicts", "resolve", "1", "--keep", "local"));
        assertTrue(err.toString().startsWith("CV-CONFLICT-04 "), err::toString);
        assertEquals(1, run("conflicts", "resolve", "77", "--keep", "local"));
        assertTrue(err.toString().startsWith("CV-CONFLICT-01 "), err::toString);
        assertEquals(1, run("conflicts", "show", "77"));
        assertEquals(1, err.toString().lines().count(), err::toString);
    }

    @Test
    void isNotUnderstoodWithoutWhatItNeeds() {
        assertEquals(2, run("conflicts"));
        assertEquals(2, run("conflicts", "show"));
        assertEquals(2, run("conflicts", "resolve", "2"));
        assertEquals(2, run("conflicts", "resolve", "2", "--keep", "both"));
        assertTrue(err.toString().contains("both no sirve para local|remote."), err::toString);
    }

    @Test
    void saysWhatIsMissingWhereTheDatabaseIsNotPreparedOrNotThere() {
        var unprepared = SharedLab.get().newClinic().name();

        assertEquals(2, runWith("DATABASE", unprepared, "conflicts", "list"));
        assertEquals(2, runWith("DATABASE", unprepared, "conflicts", "resolve", "2", "--keep", "local"));
        assertEquals(3, runWith("PORT", "1", "conflicts", "list"));

        assertEquals(
                List.of("CV-CLINIC-09", "CV-CLINIC-09", "CV-CLINIC-01"),
                err.toString().lines().map(line -> line.split(" ")[0]).toList());
    }

    private int runWith(String key, String value, String... arguments) {
        var environment =
                Map.of("CENTROVISION_SYNC_HOME", home.toString(), "CENTROVISION_LOCAL_POSTGRES_" + key, value);
        return new Cli(environment)
                .commandLine(Cli.commands())
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
