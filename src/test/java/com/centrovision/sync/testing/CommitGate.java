package com.centrovision.sync.testing;

import static org.awaitility.Awaitility.await;

import com.centrovision.sync.demo.LabDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Stops one transaction of a clinic's database in its middle: at the n-th change of a control table, or at the n-th
 * command that defines something. Once it stands there, it is rolled back or let go on to its commit.
 */
public final class CommitGate implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final String WAITS =
            """
            from pg_locks l
            join pg_database d on d.oid = l.database
            where l.locktype = 'advisory' and l.objid = 7 and not l.granted and d.datname = current_database()
            """;

    private final LabDatabase clinic;
    private final Connection bar;

    private CommitGate(LabDatabase clinic, int nth) throws SQLException {
        this.clinic = clinic;
        clinic.execute(
                """
                create schema gate;
                create table gate.passed (at timestamptz);
                create sequence gate.arrivals;
                create function gate.arrive() returns void language plpgsql security definer set lock_timeout = '60s' as $$
                begin
                  if nextval('gate.arrivals') = %d then
                    insert into gate.passed values (now());
                    perform pg_advisory_xact_lock(7);
                  end if;
                end
                $$;
                create function gate.at_change() returns trigger language plpgsql security definer as $$
                begin
                  perform gate.arrive();
                  return null;
                end
                $$;
                create function gate.at_definition() returns event_trigger language plpgsql security definer as $$
                begin
                  perform gate.arrive();
                end
                $$
                """
                        .formatted(nth));
        bar = clinic.connect();
        try (var statement = bar.createStatement()) {
            statement.execute("select pg_advisory_lock(7)");
        }
    }

    /** @param event such as {@code insert}; {@code condition} may speak of {@code new}, and of {@code old} at an update */
    public static CommitGate atChange(LabDatabase clinic, String table, String event, String condition, int nth)
            throws SQLException {
        var gate = new CommitGate(clinic, nth);
        clinic.execute(
                """
                create trigger gate after %2$s on %1$s for each row when (%3$s) execute function gate.at_change();
                alter table %1$s enable always trigger gate
                """
                        .formatted(table, event, condition));
        return gate;
    }

    /** @param command such as {@code CREATE TABLE} */
    public static CommitGate atDefinition(LabDatabase clinic, String command, int nth) throws SQLException {
        var gate = new CommitGate(clinic, nth);
        clinic.execute("create event trigger gate on ddl_command_end when tag in ('" + command
                + "') execute function gate.at_definition()");
        return gate;
    }

    public boolean isReached() {
        return !clinic.query("select " + WAITS).isEmpty();
    }

    /** What a power cut of the database does to it. */
    public void rollBack() {
        clinic.query("select pg_terminate_backend(l.pid, 10000) " + WAITS);
        requirePassed(0);
    }

    /** Whoever asked for the commit is dead by now and does not hear of it. */
    public void letCommit() throws SQLException {
        var waiting = clinic.value("select l.pid " + WAITS).orElseThrow();
        bar.close();
        await().atMost(LONGEST).until(() -> clinic.query("select from pg_stat_activity where pid = ?", waiting)
                .isEmpty());
        requirePassed(1);
    }

    private void requirePassed(int expected) {
        var passed = clinic.count("gate.passed");
        if (passed != expected) {
            throw new IllegalStateException("transactions that passed the gate: " + passed);
        }
    }

    @Override
    public void close() throws SQLException {
        bar.close();
        clinic.execute("drop event trigger if exists gate; drop schema gate cascade");
    }
}
