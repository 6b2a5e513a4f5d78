package com.centrovision.sync.clinic;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * One service writes a clinic database: a lock that lives as long as its own connection. The connections of the pool
 * hold a second lock, shared; whoever becomes the writer first ends all sessions that have it, so that nothing of an
 * earlier writer, not even of this one, is still under way.
 */
public final class WriterLock implements AutoCloseable {
    /** 'cvsync' in ASCII. */
    static final long KEY = 0x637673796e63L;

    static final long SESSIONS = KEY + 1;

    private static final Logger LOG = LoggerFactory.getLogger(WriterLock.class);
    private static final int PATIENCE_LOOKS = 50;
    private static final long LOOK_MILLIS = 100;

    /** A writer whose machine is gone without a word has its session ended within twelve seconds. */
    private static final String SETTINGS =
            """
            select set_config(name, value, false)
            from pg_settings
            join (
              values
                ('tcp_keepalives_idle', '4'),
                ('tcp_keepalives_interval', '2'),
                ('tcp_keepalives_count', '3'),
                ('tcp_user_timeout', '10000'),
                ('statement_timeout', '8000'),
                ('lock_timeout', '3000')
            ) as wanted (name, value) using (name)
            """;

    private static final String END_SESSIONS =
            """
            select pg_terminate_backend(l.pid)
            from pg_locks l
            join pg_stat_activity a on a.pid = l.pid
            where l.locktype = 'advisory'
              and l.database = a.datid
              and a.datname = current_database()
              and l.classid::bigint = ?
              and l.objid::bigint = ?
              and l.objsubid = 1
              and l.pid <> pg_backend_pid()
              and pg_has_role(a.usesysid, 'member')
            """;
    private static final String END_OWN =
            "select pg_terminate_backend(pid) from pg_stat_activity where pid = ? and backend_start::text = ?";

    private final ClinicDatabase clinic;
    private volatile Optional<Connection> connection = Optional.empty();
    private Optional<WriterSession> session = Optional.empty();
    private Optional<WriterSession> lost = Optional.empty();
    private Optional<Instant> waitingSince = Optional.empty();
    private Optional<Instant> takenOverAt = Optional.empty();
    private JdbcTemplate statements;

    public WriterLock(ClinicDatabase clinic) {
        this.clinic = clinic;
    }

    /** Whether this process is the writer now. A connection that has died is replaced at once. */
    public synchronized boolean acquire() throws SQLException {
        if (connection.isPresent() && !isAlive()) {
            lose();
        }
        try {
            if (connection.isEmpty()) {
                open();
            }
            return session.isPresent() || become();
        } catch (SQLException | DataAccessException failure) {
            lose();
            throw failure;
        }
    }

    /** A server's clock that was put back would have everything refused that begins now: the place is taken anew. */
    private boolean isAlive() {
        try {
            return Boolean.TRUE.equals(statements.queryForObject(
                    "select clock_timestamp() >= coalesce(?::timestamptz, '-infinity')",
                    Boolean.class,
                    session.map(WriterSession::since).orElse(null)));
        } catch (DataAccessException dead) {
            return false;
        }
    }

    private void open() throws SQLException {
        connection = Optional.of(clinic.openBrief());
        statements = new JdbcTemplate(new SingleConnectionDataSource(connection.get(), true));
        statements.queryForList(SETTINGS, String.class);
        lost.ifPresent(own -> statements.queryForList(END_OWN, Boolean.class, own.pid(), own.startedAt()));
    }

    private boolean become() {
        if (!isFree(KEY)) {
            waits();
            return false;
        }
        if (!endEarlierSessions()) {
            statements.queryForObject("select pg_advisory_unlock(?)", Boolean.class, KEY);
            LOG.warn("writer: sessions of an earlier writer have not ended yet");
            return false;
        }
        var mine = statements.queryForObject(
                """
                select pid, backend_start::text, clock_timestamp()::text
                from pg_stat_activity
                where pid = pg_backend_pid()
                """,
                (row, number) -> new WriterSession(row.getInt(1), row.getString(2), row.getString(3)));
        session = Optional.of(mine);
        lost = Optional.empty();
        clinic.admit(mine);
        if (waitingSince.isPresent()) {
            LOG.info("writer: this service has taken over");
            takenOverAt = Optional.of(Instant.now());
            waitingSince = Optional.empty();
        }
        return true;
    }

    private boolean isFree(long key) {
        return Boolean.TRUE.equals(statements.queryForObject("select pg_try_advisory_lock(?)", Boolean.class, key));
    }

    private void waits() {
        if (waitingSince.isEmpty()) {
            LOG.info("standby: another service writes this database");
            waitingSince = Optional.of(Instant.now());
        }
    }

    /** A statement that was sent before is over or undone when its session has let go of the shared lock. */
    private boolean endEarlierSessions() {
        statements.queryForList(END_SESSIONS, Boolean.class, SESSIONS >>> 32, SESSIONS & 0xffffffffL);
        for (int look = 0; look < PATIENCE_LOOKS; look++) {
            if (isFree(SESSIONS)) {
                statements.queryForObject("select pg_advisory_unlock(?)", Boolean.class, SESSIONS);
                return true;
            }
            pause();
        }
        return false;
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_MILLIS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** Nothing of this process writes any more. */
    private void lose() {
        if (session.isPresent()) {
            lost = session;
            session = Optional.empty();
            clinic.cut();
        }
        connection.ifPresent(WriterLock::abort);
        connection = Optional.empty();
    }

    private static void abort(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException gone) {
            LOG.debug("lock's connection not closed", gone);
        }
    }

    /**
     * On a connection of its own: what keeps others out, or does not let them write, may not concern the lock's. What was
     * opened meanwhile may go on as it was opened, and is replaced.
     */
    public void requireClinicWorks() throws SQLException {
        try (var fresh = clinic.openBrief()) {
            ClinicProbe.require(fresh);
        }
        clinic.renew();
    }

    /** Gives the lock and its connection back, to be had anew. */
    public synchronized void release() {
        lose();
    }

    public synchronized boolean isHeld() {
        return session.isPresent();
    }

    /** Since when this service waits for another one to end. */
    public synchronized Optional<Instant> waitingSince() {
        return waitingSince;
    }

    /** When this service became the writer after another one; empty where it was the first. */
    public synchronized Optional<Instant> takenOverAt() {
        return takenOverAt;
    }

    /** Statements on the lock's own connection, which answers or dies within seconds; after {@link #acquire()}. */
    public synchronized JdbcTemplate statements() {
        return statements;
    }

    /** Does not wait for a statement that the server does not answer. */
    @Override
    public void close() {
        connection.ifPresent(WriterLock::abort);
    }
}
