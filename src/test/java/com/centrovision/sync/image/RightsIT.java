package com.centrovision.sync.image;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.demo.ClinicRole;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.testing.BothSides;
import com.centrovision.sync.testing.Image;
import com.centrovision.sync.testing.ImageProcess.Ended;
import com.centrovision.sync.testing.Rule;
import com.centrovision.sync.testing.SharedLab;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Protocol 2: a user that lacks rights is told all of them at once, and nothing is changed; with them everything works. */
class RightsIT {
    private static final AtomicInteger ROLES = new AtomicInteger();

    private final Lab lab = SharedLab.get();
    private LabDatabase administrator;
    private LabDatabase clinic;
    private Image image;

    @BeforeEach
    void clinicOfAUserThatOwnsNothing() {
        lab.resetCloud();
        administrator = lab.newClinic();
        clinic = role("outsider");
        image = Image.of(lab, clinic);
    }

    @AfterEach
    void close() {
        image.close();
    }

    @Test
    @Rule("2.3")
    void aUserThatOwnsNothingIsToldEveryGrantAndThenSyncsBothWays() {
        lab.cloud().generate("rights", 20);
        administrator.execute("create table _sync_pending (id serial primary key, table_name varchar(100) not null, "
                + "record_id uuid not null, operation varchar(10) not null, data jsonb, "
                + "created_at timestamptz default now(), synced boolean default false, synced_at timestamptz, "
                + "error text, retry_count integer default 0)");
        administrator.execute("create function log_local_changes() returns trigger language plpgsql as "
                + "'begin return null; end'");
        administrator.execute("alter table rooms add column shelf serial");
        administrator.execute("alter table payments enable row level security");
        var before = catalogue();

        var statements = statements(image.run("init"));
        assertEquals(statements, statements(image.run("once")));
        assertEquals(statements, statements(image.run("run")));
        var checked = image.run("check");

        assertEquals(2, checked.exitCode(), checked.out() + checked.err());
        assertTrue(checked.out().lines().toList().containsAll(statements), checked.out());
        assertEquals(before, catalogue());
        assertTrue(statements.size() > 30, statements::toString);
        statements.forEach(administrator::execute);
        assertEquals(0, image.run("init").exitCode());
        var faster = "GRANT SET ON PARAMETER log_min_messages TO \"" + clinic.user() + "\";";
        assertTrue(image.run("check").out().contains(faster));
        administrator.execute(faster);
        assertFalse(image.run("check").out().contains("GRANT"));
        var first = image.run("once");
        assertEquals(0, first.exitCode(), first.out() + first.err());
        clinic.execute("update patients set notes = 'vista en la clínica', updated_at = now()");
        clinic.execute("insert into branches (name, code) values ('Nueva', 'NUE')");
        lab.cloud().execute("update rooms set name = name || ' 2', updated_at = now()");
        lab.cloud().execute("update payments set updated_at = now()");
        var second = image.run("once");
        assertEquals(0, second.exitCode(), second.out() + second.err());
        administrator.execute("alter table rooms drop column shelf");
        BothSides.assertEqual(lab, administrator);
        assertEquals(1L, lab.cloud().count("branches where code = 'NUE'"));
    }

    @Test
    void ownersAreToldTheOneRightThatTheyLack() {
        var owner = lab.newClinic(ClinicRole.LEAST_PRIVILEGE);
        try (var plain = Image.of(lab, owner)) {
            assertEquals(
                    List.of("GRANT SET ON PARAMETER session_replication_role TO \"" + owner.user() + "\";"),
                    statements(plain.run("init")));
        }
    }

    @Test
    @Rule("4.1.1")
    void anotherProgramsUserWithRightsOnOneTableOnlyIsCapturedAndSynced() {
        statements(image.run("init")).forEach(administrator::execute);
        assertEquals(0, image.run("once").exitCode());
        var reception = role("reception");
        administrator.execute("grant select, insert, update, delete on branches to \"" + reception.user() + "\"");

        reception.execute("insert into branches (name, code) values ('Uno', 'UNO'), ('Dos', 'DOS')");
        reception.execute("update branches set city = 'Tela', updated_at = now() where code = 'UNO'");
        reception.execute("delete from branches where code = 'DOS'");

        assertEquals(4, administrator.count("_sync_pending where not synced"));
        assertEquals(0, image.run("once").exitCode());
        assertEquals(1L, lab.cloud().count("branches where city = 'Tela'"));
        assertEquals(1L, lab.cloud().count("branches"));
    }

    @Test
    void aTableThatLacksRightsDoesNotStopTheOthersOfARunningService() {
        statements(image.run("init")).forEach(administrator::execute);
        administrator.execute("revoke update on rooms from \"" + clinic.user() + "\"");
        administrator.execute("alter table payments enable row level security");
        lab.cloud().generate("others", 10);

        assertEquals(2, image.run("once").exitCode());
        var service = image.start("run");

        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertEquals(lab.cloud().count("patients"), administrator.count("patients")));
        assertEquals(0, administrator.count("rooms"));
        assertEquals(0, administrator.count("payments"));
        var ended = service.terminate();
        assertEquals(0, ended.exitCode(), ended.err());
        assertTrue(
                ended.err().contains("GRANT UPDATE ON TABLE public.rooms TO \"" + clinic.user() + "\";"), ended.err());
        assertTrue(ended.err().contains("tables left out tables=[payments, rooms]"), ended.err());
    }

    @Test
    void aUserThatMayNotConnectIsToldSo() {
        administrator.execute("revoke connect on database " + administrator.name() + " from public");

        assertEquals(
                List.of("GRANT CONNECT ON DATABASE \"" + administrator.name() + "\" TO \"" + clinic.user() + "\";"),
                statements(image.run("init")));
    }

    /** The statements below the one line of the problem. */
    private static List<String> statements(Ended ended) {
        var lines = ended.errorLines().stream()
                .filter(line -> !line.matches("\\d{4}-\\S+Z +INFO .*"))
                .toList();
        assertEquals(2, ended.exitCode(), ended.err());
        assertTrue(lines.get(0).startsWith("CV-CLINIC-04 "), ended.err());
        var statements = lines.subList(1, lines.size());
        assertFalse(statements.isEmpty());
        statements.forEach(line -> assertTrue(line.matches("(GRANT|ALTER) .*;.*"), line));
        return statements;
    }

    private LabDatabase role(String name) {
        var user = name + " " + ROLES.incrementAndGet();
        administrator.execute("create role \"" + user + "\" login password '" + administrator.password() + "'");
        return new LabDatabase(
                administrator.host(), administrator.port(), administrator.name(), user, administrator.password());
    }

    private Object catalogue() {
        return administrator.query(
                """
                select
                  (select count(*) from pg_trigger) as triggers,
                  (select string_agg(relname, ',' order by relname) from pg_class
                   where relnamespace = 'public'::regnamespace) as relations,
                  (select string_agg(proname, ',' order by proname) from pg_proc
                   where pronamespace = 'public'::regnamespace) as functions
                """);
    }
}
