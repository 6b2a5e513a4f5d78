package com.centrovision.sync.image;

import static java.util.stream.Collectors.joining;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.demo.Fault;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.testing.Image;
import com.centrovision.sync.testing.Rule;
import com.centrovision.sync.testing.SharedLab;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The log of the program as shipped: where it is, how large it gets, and what must never stand in it. */
class LogIT {
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
        lab.gateway().heal();
        image.close();
        lab.resetCloud();
    }

    @Test
    void standsWhereItIsConfiguredAndRollsBySize() throws IOException {
        var folder = image.home().resolveSibling("otro lugar");
        Files.createDirectories(folder);
        var full = "x".repeat(99).concat("\n").repeat(11_000);
        Files.writeString(folder.resolve("el registro.log"), full);
        Files.writeString(folder.resolve("el registro.log.1"), "oldest\n");
        image.set(
                        "logging",
                        "file",
                        Image.quoted(folder.resolve("el registro.log").toString()))
                .set("logging", "max_size_mb", "1")
                .set("logging", "max_files", "2")
                .set("logging", "level", "\"debug\"");
        lab.cloud().generate("roll", 10);

        image.start("run");

        await().atMost(Duration.ofSeconds(120)).untilAsserted(() -> {
            try (var files = Files.list(folder)) {
                assertEquals(
                        Set.of("el registro.log", "el registro.log.1"),
                        new TreeSet<>(
                                files.map(file -> file.getFileName().toString()).toList()));
            }
            assertTrue(Files.readString(folder.resolve("el registro.log.1")).startsWith(full));
            assertTrue(Files.size(folder.resolve("el registro.log")) < full.length());
        });
    }

    @Test
    void keepsToItsLevel() {
        image.set("logging", "level", "\"warn\"");
        lab.cloud().generate("quiet", 10);

        var ended = image.run("once");

        assertEquals(0, ended.exitCode(), ended.err());
        assertEquals("", image.read("log/sync.log"));
        assertEquals("", ended.err());
    }

    @Test
    void tellsAQuietDayInAScreen() {
        lab.cloud().generate("screen", 10);

        image.run("once");

        assertTrue(image.read("log/sync.log").lines().count() < 70, image.read("log/sync.log"));
        assertTrue(
                image.read("log/sync.log")
                        .lines()
                        .allMatch(line -> line.matches("\\d{4}-\\S+Z (INFO|WARN)  ?\\w+  .*")),
                image.read("log/sync.log"));
    }

    @Test
    @Rule("4.5.6")
    void neverHoldsAKeyAPasswordOrAValueOfARow() throws IOException {
        lab.cloud().generate("private", 60);
        image.set("logging", "level", "\"debug\"").set("sync", "retry_max_attempts", "2");
        clinic.execute(
                """
                create function quote_the_row() returns trigger language plpgsql as $$
                begin
                  raise exception 'the row is %', new using errcode = 'XX001';
                end
                $$;
                create trigger quote_the_row before insert on crm_leads for each row execute function quote_the_row();
                alter table crm_leads enable always trigger quote_the_row;
                create function borrow_a_state() returns trigger language plpgsql as $$
                begin
                  raise exception 'the row is %', new using errcode = '55000';
                end
                $$;
                create trigger borrow_a_state before insert on referrals for each row execute function borrow_a_state();
                alter table referrals enable always trigger borrow_a_state;
                alter table patients add constraint only_here check (phone is null);
                alter table appointments alter column reason type varchar(3);
                alter table profiles alter column phone type integer using null;
                create unique index on invoices (branch_id);
                """);
        lab.cloud()
                .execute(
                        """
                create function quote_the_row() returns trigger language plpgsql as $$
                begin
                  raise exception 'the row is %', new using detail = new::text, hint = new::text;
                end
                $$;
                create trigger quote_the_row before insert on rooms for each row execute function quote_the_row();
                alter table branches add constraint only_here check (code <> 'PROHIBIDO');
                """);
        try {
            var service = image.start("run", "--debug");
            await().atMost(Duration.ofSeconds(120)).ignoreExceptions().until(() -> clinic.count("branches") > 0);
            clinic.execute(
                    """
                    insert into branches (name, code, phone) values ('Sucursal Privada', 'PROHIBIDO', '+504 9999-0001');
                    insert into rooms (branch_id, name) select id, 'Sala Privada' from branches limit 1;
                    insert into inventory_categories (name) values ('Categoría Privada');
                    insert into branches (name, code) values ('Repetida', 'REPETIDA-PRIVADA');
                    """);
            lab.cloud().execute("insert into branches (name, code) values ('Otra Privada', 'REPETIDA-PRIVADA')");
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                var codes = clinic.query("select distinct direction || code as code from _sync_quarantine").stream()
                        .map(row -> row.get("code").toString())
                        .toList();
                assertTrue(codes.containsAll(List.of("UP23514", "UPP0001", "DOWN23514")), codes::toString);
            });
            lab.gateway().fault(Fault.cutAfterBytes(300).times(3).matching("GET", "/patients"));
            lab.gateway().fault(Fault.status(500).times(3).matching("GET", "/invoices"));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> clinic.value("select last_error from _sync_metadata where table_name = 'crm_leads'")
                            .isPresent());
            var ended = service.terminate();
            lab.gateway().heal();
            var once = image.run("--debug", "once");
            assertEquals(1, once.exitCode(), once.err());

            var written = image.read("log/sync.log") + ended.out() + ended.err() + once.out() + once.err() + inTables();
            var leaks = secrets().stream().filter(written::contains).toList();
            assertEquals(List.of(), leaks, () -> written.lines()
                    .filter(line -> leaks.stream().anyMatch(line::contains))
                    .limit(5)
                    .collect(joining("\n")));
            assertFalse(written.contains("Failing row"), written);
        } finally {
            lab.cloud()
                    .execute(
                            """
                    drop trigger quote_the_row on rooms;
                    drop function quote_the_row;
                    alter table branches drop constraint only_here;
                    """);
        }
    }

    private String inTables() {
        return clinic
                .query(
                        """
                        select error_message as text from _sync_log where error_message is not null
                        union all select last_error from _sync_metadata where last_error is not null
                        union all select error from _sync_pending where error is not null
                        union all select reason from _sync_quarantine where reason is not null
                        """)
                .stream()
                .map(row -> row.get("text").toString())
                .collect(joining("\n"));
    }

    private List<String> secrets() {
        var secrets = new ArrayList<>(
                List.of(lab.serviceKey(), clinic.password(), "PROHIBIDO", "PRIVAD", "Privad", "+504 9999"));
        secrets.addAll(lab
                .cloud()
                .query(
                        """
                        select distinct value from (
                          select first_name as value from patients
                          union select last_name from patients
                          union select phone from patients
                          union select notes from patients
                          union select full_name from profiles
                          union select email from profiles
                          union select phone from profiles
                          union select reason from appointments
                          union select complaint from encounters
                          union select name from crm_leads
                          union select phone from crm_leads
                          union select invoice_number from invoices
                        ) v
                        where length(value) > 3
                        """)
                .stream()
                .map(row -> row.get("value").toString())
                .toList());
        return secrets;
    }
}
