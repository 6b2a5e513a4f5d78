package com.centrovision.sync.down;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.centrovision.sync.config.CloudMode;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.runtime.SyncService;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.DebianServer;
import com.centrovision.sync.testing.Rule;
import com.centrovision.sync.testing.ServiceHome;
import com.centrovision.sync.testing.SharedLab;
import com.centrovision.sync.testing.Sides;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Protocol 3.1 and 3.3: what a first load copies is what sync_apply_chunk would have written, and nothing less is tested. */
class CopyIT {
    private static final String ONLY_COPY = "drop function sync_write_or_quarantine";
    private static final String NO_COPY = "drop function sync_begin_copy";

    private static final String ID = "00000000-0000-0000-0000-000000000020";

    private static final String TABLE =
            """
            create type mood as enum ('alegre', 'a, "b"', 'null');
            create domain brief as varchar(6);
            create domain paper as jsonb;
            create table awkward (
              id uuid primary key,
              words text,
              fixed char(5),
              brief brief,
              exact numeric,
              money numeric(12, 2),
              small smallint,
              large bigint,
              single real,
              double double precision,
              truth boolean,
              bytes bytea,
              stamp timestamptz,
              local timestamp,
              day date,
              clock timetz,
              span interval,
              tree json,
              binary_tree jsonb,
              paper paper,
              many text[],
              numbers numeric[],
              moods mood[],
              stamps timestamptz[],
              mood mood,
              range tstzrange,
              ranges int4multirange,
              address inet,
              place point,
              bits bit varying,
              lower text generated always as (lower(words)) stored,
              number bigint generated always as identity,
              updated_at timestamptz
            );
            """;

    private static final String ROWS =
            """
            insert into awkward (id, words, updated_at)
            select ('00000000-0000-0000-0000-0000000000' || lpad(to_hex(i), 2, '0'))::uuid, w, '2026-01-01'
            from unnest(array[
              '', ' ', 'null', '\\N', '\\.', E'\\\\\\n', E'a\\tb\\nc\\rd\\be\\ff\\vg', E'\\x01\\x7f', '"{},', 'ñandú 日本 😀', E'\\\\n', repeat('ñ"', 40000), repeat('x', 200000)
            ]) with ordinality as w (w, i);
            insert into awkward overriding system value values (
              'ffffffff-0000-0000-0000-000000000001', 'all', 'ab', 'abcdef', 123456789012345678901234567890.123456789012345678901234567890,
              -0.10, -32768, 9223372036854775807, 'NaN', '-Infinity', true, '\\x00ff5c0a', 'infinity', '-infinity', '0044-03-15 BC',
              '12:00:00.123456-06', '1 year -2 days 03:04:05.6', E'{"a" :\\t[1.10, "x\\\\n\\\\u00e9\\\\/"],\\n"a":2}', '{"b": 1.100, "t": "\\\\\\"\\t\\\\t"}',
              '"text"', array['', 'NULL', null, 'a,b', E'q"\\\\\\t\\n{}', ' ñ '], array[1.10, null, 'NaN', 1e30], array['a, "b"', 'null']::mood[],
              array['infinity', '0001-01-01 BC', '2026-02-03 04:05:06.789+05:30']::timestamptz[], 'a, "b"', '["2026-01-01 00:00:00+00",)',
              '{[1,3),[5,7)}', '::1/64', '(1.5,-2)', B'0101', default, 77, '0044-03-15 12:00:00.000001+00 BC');
            insert into awkward (id, numbers, many, truth, double, tree, binary_tree, paper, updated_at) values
              ('ffffffff-0000-0000-0000-000000000002', '{}', '{}', false, 1e-300, '"x"', '3.10', '[]', '2026-01-01'),
              ('ffffffff-0000-0000-0000-000000000003', null, null, null, 0.1, 'true', 'false', '{"\\\\\\\\": null}', null);
            """;

    private final Lab lab = SharedLab.get();
    private LabDatabase clinic;

    @TempDir
    private Path folder;

    @BeforeEach
    void anAwkwardTable() throws IOException {
        lab.resetCloud();
        lab.cloud().execute(TABLE);
        lab.reloadCloudSchema();
        ServiceHome.in(folder).table("awkward");
    }

    @AfterEach
    void theUsualTables() {
        lab.cloud().execute("drop table awkward; drop type mood; drop domain brief; drop domain paper");
        lab.reloadCloudSchema();
    }

    /** Loads the table into a new clinic; what is told is run before. */
    private void load(String before) throws InterruptedException {
        load(lab.newClinic(), before);
    }

    private void load(LabDatabase into, String before) throws InterruptedException {
        clinic = into;
        clinic.execute(TABLE);
        var config = ClinicService.withMode(ClinicService.config(lab, clinic), CloudMode.REST);
        try (var service = ClinicService.start(folder, config, SyncService.Mode.ON_DEMAND)) {
            clinic.execute(before);
            service.pass();
        }
    }

    private List<Map<String, Object>> log() {
        return clinic.query("select direction, table_name, records_affected, status from _sync_log order by id");
    }

    @Test
    @Rule("3.2.6")
    void whatIsCopiedIsWhatAStatementOfJsonWrites() throws InterruptedException {
        lab.cloud().execute(ROWS);
        load(ONLY_COPY);
        Sides.of(lab, clinic).assertEqual("awkward");
        var copied = log();
        var counters = "select records_synced_down, load_rows, loaded_at is null as loads from _sync_metadata";
        var copiedCounters = clinic.query(counters);

        load(NO_COPY);

        Sides.of(lab, clinic).assertEqual("awkward");
        assertEquals(copied, log());
        assertEquals(copiedCounters, clinic.query(counters));
    }

    @Test
    @Rule({"3.3.5", "1.5"})
    void aChunkThatCannotBeCopiedGoesInRowByRow() throws InterruptedException {
        lab.cloud()
                .execute(
                        """
                        insert into awkward (id, words, many, updated_at)
                        select gen_random_uuid(), 'w' || i, array[['a', 'b'], ['c', 'd']], '2026-01-01'
                        from generate_series(1, 20) i
                        """);
        load("alter table awkward add check (words <> 'w7')");

        assertEquals(19, clinic.count("awkward"));
        assertEquals("23514", clinic.value("select code from _sync_quarantine").orElseThrow());
        assertEquals("PARTIAL", log().get(0).get("status"));
    }

    @Test
    @Rule({"3.3.2", "3.3.3"})
    void whatTheClinicHasOrChangedIsNotCopied() throws InterruptedException {
        load("select");
        assertTrue(isCopied());

        for (var obstacle : List.of(
                "insert into awkward (id) values ('00000000-0000-0000-0000-000000000015')",
                "insert into _sync_pending (table_name, record_id, operation, data) values ('awkward', '%s', 'DELETE', '{}')"
                        .formatted(ID),
                "insert into _sync_pending (table_name, record_id, operation, data, synced, synced_at)"
                        + " values ('awkward', '%s', 'DELETE', '{}', true, '2026-01-02')".formatted(ID),
                "insert into _sync_quarantine (direction, table_name, record_id) values ('DOWN', 'awkward', '%s')"
                        .formatted(ID),
                "insert into _sync_revisit (table_name, record_id) values ('awkward', '%s')".formatted(ID),
                "update _sync_metadata set refill_columns = '{words}'",
                "alter table awkward drop column words cascade; alter table awkward add column words _sync_metadata")) {
            assertFalse(isCopied(obstacle), obstacle);
        }
        assertTrue(isCopied("insert into _sync_pending (table_name, record_id, operation, data, synced, synced_at)"
                + " values ('awkward', '%s', 'DELETE', '{}', true, '2025-12-31')".formatted(ID)));
    }

    @Test
    void whatARefusedRowHoldsStandsInNoLogOfTheServer() throws IOException, InterruptedException {
        assumeTrue(DebianServer.programs().isPresent(), "PostgreSQL's own packages are not installed");
        lab.cloud()
                .execute("insert into awkward (id, words) values (gen_random_uuid(), 'SECRETO'), ('" + ID + "', 'x')");
        try (var server = DebianServer.start()) {
            load(server.clinic("refusing"), "alter table awkward add check (words <> 'SECRETO')");
            assertEquals(1, clinic.count("awkward"));
            assertThrows(IllegalStateException.class, () -> clinic.execute("select 'as usual'::int"));
            assertTrue(server.log().contains("as usual"));
            assertFalse(server.log().contains("SECRETO"));
            clinic.execute("delete from awkward; delete from _sync_pending");
            assertTrue(isCopied());

            server.administration("postgres").execute("revoke set on parameter log_min_messages from " + clinic.user());

            assertFalse(isCopied());
            load(server.clinic("unentitled"), "select");
            Sides.of(lab, clinic).assertEqual("awkward");
        }
    }

    @Test
    @Rule("3.2.6")
    void aPlanHoldsWhileTheColumnsAreTheSame() throws InterruptedException {
        load("create table planned (columns text)");
        clinic.execute("insert into planned select known_columns from sync_copy_plan('awkward', '{id,words}')");

        for (var change : List.of(
                "alter table awkward drop column lower; alter table awkward alter words type jsonb using to_jsonb(words)",
                "alter table awkward rename words to word",
                "alter table awkward drop column words cascade",
                "update _sync_metadata set shared_columns = '{id}'")) {
            assertFalse(holds(change), change);
        }
        assertTrue(holds("select"));
    }

    private boolean holds(String change) {
        return answers("select columns = sync_known_columns('awkward') from planned", change);
    }

    private boolean isCopied(String... before) {
        return answers(
                """
                select copy is not null
                  and sync_begin_copy('awkward', '2026-01-01', '00000000-0000-0000-0000-000000000010', '%s', known_columns)
                from sync_copy_plan('awkward', '{id,words}')
                """
                        .formatted(ID),
                before);
    }

    /** Asked behind these statements, which are undone. */
    private boolean answers(String question, String... before) {
        try (var connection = clinic.connect();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (var sql : before) {
                statement.execute(sql);
            }
            try (var told = statement.executeQuery(question)) {
                told.next();
                var answer = told.getBoolean(1);
                connection.rollback();
                return answer;
            }
        } catch (SQLException unexpected) {
            throw new AssertionError(unexpected);
        }
    }
}
