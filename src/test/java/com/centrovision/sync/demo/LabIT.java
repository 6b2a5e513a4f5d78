package com.centrovision.sync.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.testing.CloudCalls;
import com.centrovision.sync.testing.SharedLab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabIT {
    private static final String TABLES =
            """
            select relname as name
            from pg_class
            where relnamespace = 'public'::regnamespace and relkind = 'r'
            order by relname""";

    private final Lab lab = SharedLab.get();
    private final CloudCalls calls = new CloudCalls(lab);

    @BeforeEach
    void emptyTheCloud() {
        lab.resetCloud();
    }

    @Test
    void hasTheSameTablesOnBothSides() {
        var inTheCloud = lab.cloud().query(TABLES);
        var inTheClinic = lab.newClinic().query(TABLES);

        assertEquals(27, inTheCloud.size());
        assertEquals(inTheCloud, inTheClinic);
    }

    @Test
    void givesInvoiceNumbersInTheCloudOnly() throws Exception {
        var answer = calls.post("/rest/v1/invoices?select=invoice_number", "{\"total\":100}", "return=representation");
        var clinic = lab.newClinic();
        clinic.execute("insert into invoices (total) values (100)");

        assertEquals("[{\"invoice_number\":\"000-001-01-00000001\"}]", answer.body());
        assertTrue(clinic.value("select invoice_number from invoices").isEmpty());
    }

    @Test
    void booksStockOnBothSides() throws Exception {
        var clinic = lab.newClinic();
        for (var side : List.of(lab.cloud(), clinic)) {
            side.execute(
                    """
                    insert into inventory_items (sku, name) values ('A', 'Gotas');
                    insert into inventory_movements (item_id, kind, quantity) select id, 'compra', 5 from inventory_items;
                    update inventory_movements set quantity = 3;""");

            assertEquals(
                    "3.00",
                    side.value("select stock::text from inventory_items").orElseThrow());
        }
    }

    @Test
    void movesTheStampOfAnUpdatedRow() {
        lab.cloud().execute("insert into patients (first_name, last_name, updated_at) values ('A', 'B', '2020-01-01')");
        lab.cloud().execute("update patients set notes = 'x'");

        assertEquals(
                true,
                lab.cloud()
                        .value("select updated_at > '2021-01-01' from patients")
                        .orElseThrow());
    }

    @Test
    void answersNoMoreRowsThanTheProjectAllows() throws Exception {
        lab.cloud().generatePatients("max-rows", 1500);

        var answer = calls.send(calls.request("/rest/v1/patients?select=id&limit=1400")
                .header("Prefer", "count=exact")
                .build());

        assertEquals(206, answer.statusCode());
        assertEquals("0-999/1500", answer.headers().firstValue("Content-Range").orElseThrow());
    }

    @Test
    void answersFewerRowsOnceTheProjectAllowsFewer() throws Exception {
        lab.cloud().generatePatients("max-rows", 100);

        lab.limitRows(7);
        var limited = calls.get("/rest/v1/patients?select=id");
        lab.resetCloud();
        lab.cloud().generatePatients("max-rows", 100);
        var restored = calls.get("/rest/v1/patients?select=id");

        assertEquals("0-6/*", limited.headers().firstValue("Content-Range").orElseThrow());
        assertEquals("0-99/*", restored.headers().firstValue("Content-Range").orElseThrow());
    }

    @Test
    void learnsATableThatATestHasMade() throws Exception {
        lab.cloud().execute("create table lab_extra (id uuid primary key); grant all on lab_extra to service_role");
        try {
            lab.reloadCloudSchema();

            assertEquals("[]", calls.get("/rest/v1/lab_extra").body());
        } finally {
            lab.cloud().execute("drop table lab_extra");
            lab.reloadCloudSchema();
        }
    }

    @Test
    void emptiesTheCloudAndStartsItsNumbersAgain() throws Exception {
        lab.cloud().generate("reset", 20);
        calls.post("/rest/v1/invoices", "{}", "return=minimal");

        lab.resetCloud();

        var answer = calls.post("/rest/v1/invoices?select=invoice_number", "{}", "return=representation");
        assertEquals(1, lab.cloud().count("invoices"));
        assertEquals(0, lab.cloud().count("patients"));
        assertEquals("[{\"invoice_number\":\"000-001-01-00000001\"}]", answer.body());
    }

    @Test
    void generatesTheSameRowsInAnyDatabase() {
        var clinic = lab.newClinic();
        lab.cloud().generate("semilla", 60);
        clinic.generate("semilla", 60);

        for (var table : tables(clinic)) {
            assertEquals(fingerprint(lab.cloud(), table), fingerprint(clinic, table), table);
            assertTrue(clinic.count(table) > 0, table);
        }
    }

    @Test
    void generatesOtherRowsFromAnotherSeed() {
        var first = lab.newClinic();
        var second = lab.newClinic();
        first.generatePatients("uno", 10);
        second.generatePatients("dos", 10);

        assertNotEquals(fingerprint(first, "patients"), fingerprint(second, "patients"));
    }

    @Test
    void generatesRowsThatKeepEveryForeignKey() {
        var clinic = lab.newClinic();
        clinic.generate("llaves", 200);
        clinic.generate("otras llaves", 7);

        for (var key : foreignKeys(clinic)) {
            var orphans =
                    """
                    select count(*) from %s child
                    where child.%s is not null
                      and not exists (select 1 from %s parent where parent.id = child.%s)"""
                            .formatted(key.get("child"), key.get("name"), key.get("parent"), key.get("name"));
            assertEquals(0L, clinic.value(orphans).orElseThrow(), key.toString());
        }
    }

    @Test
    void generatesNoStampInTheFuture() {
        var clinic = lab.newClinic();
        clinic.generate("relojes", 100);

        for (var table : tables(clinic)) {
            var late = "select count(*) from " + table + " where greatest(created_at, updated_at, deleted_at) > now()"
                    + " or updated_at < created_at";
            assertEquals(0L, clinic.value(late).orElseThrow(), table);
        }
    }

    @Test
    void generatesPatientsOfAboutAKilobyte() {
        var clinic = lab.newClinic();
        clinic.generatePatients("peso", 200);

        var bytes = ((Number) clinic.value("select avg(length(row_to_json(p)::text))::int from patients p")
                        .orElseThrow())
                .intValue();
        assertTrue(bytes > 800 && bytes < 1400, "bytes a row: " + bytes);
    }

    @Test
    void letsAClinicGenerateWithoutASuperuser() {
        var clinic = lab.newClinic(ClinicRole.LEAST_PRIVILEGE);
        clinic.generate("modesto", 10);

        assertEquals(10, clinic.count("patients"));
        assertEquals(
                false,
                clinic.value("select usesuper from pg_user where usename = current_user")
                        .orElseThrow());
    }

    @Test
    void keepsTheClinicsRowsWhileItsServerIsOff() {
        var clinic = lab.newClinic();
        clinic.generatePatients("apagado", 5);

        lab.stopClinic();
        try {
            assertThrows(IllegalStateException.class, () -> clinic.count("patients"));
        } finally {
            lab.startClinic();
        }
        assertEquals(5, clinic.count("patients"));
    }

    @Test
    void asksForThePassword() {
        var clinic = lab.clinic();

        assertThrows(SQLException.class, () -> DriverManager.getConnection(clinic.jdbcUrl(), clinic.user(), "otra"));
    }

    @Test
    void saysSoWhereThereIsNoPostgrest(@TempDir Path empty) {
        var refusal = assertThrows(LabUnavailable.class, () -> Lab.start(empty, LabOptions.defaults()));

        assertTrue(refusal.getMessage().contains("PostgREST"), refusal.getMessage());
    }

    @Test
    void leavesNothingBehindWhenItsStartFails(@TempDir Path home) throws Exception {
        Files.createDirectories(home.resolve("sql/demo"));
        Files.writeString(home.resolve("sql/demo/schema.sql"), "create nonsense");
        Files.createDirectories(home.resolve("lib/demo"));
        Files.copy(
                PostgrestServer.locate(Path.of("")),
                home.resolve("lib/demo/postgrest"),
                StandardCopyOption.COPY_ATTRIBUTES);
        var before = dataDirectories();

        assertThrows(LabUnavailable.class, () -> Lab.start(home, LabOptions.defaults()));

        assertEquals(before, dataDirectories());
    }

    private static Set<Path> dataDirectories() throws IOException {
        var ours = "centrovision-lab-" + ProcessHandle.current().pid() + "-";
        try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith(ours))
                    .collect(Collectors.toSet());
        }
    }

    private static List<String> tables(LabDatabase database) {
        return database.query(TABLES).stream()
                .map(row -> (String) row.get("name"))
                .toList();
    }

    private static Object fingerprint(LabDatabase database, String table) {
        return database.value("select md5(string_agg(row_to_json(t)::text, '/' order by id)) from " + table + " t")
                .orElseThrow();
    }

    private static List<Map<String, Object>> foreignKeys(LabDatabase database) {
        return database.query(
                """
                select conrelid::regclass::text as child, confrelid::regclass::text as parent, attname as name
                from pg_constraint
                join pg_attribute on attrelid = conrelid and attnum = conkey[1]
                where contype = 'f'""");
    }
}
