package com.centrovision.sync.clinic;

import com.centrovision.sync.config.Config;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.springframework.jdbc.datasource.AbstractDriverBasedDataSource;

/**
 * Opens connections to the clinic's server. Once there is a writer, only those that belong to the time in which it holds
 * its lock are opened; when it has lost it, all are cut. Threads share it.
 */
final class ClinicConnections extends AbstractDriverBasedDataSource {
    private static final int QUIET_SECONDS = 10;
    private static final int STATEMENT_MILLIS = 300_000;
    /** The server ends a statement before we stop waiting for it: what we repeat does not run twice at a time. */
    private static final int SERVER_MILLIS = STATEMENT_MILLIS - 10_000;

    private static final String JOIN =
            """
            select
              pg_advisory_lock_shared(%d),
              set_config('app.sync_writer_since', '%s', false)
            """;
    private static final String STILL_HELD =
            """
            select
            from pg_locks
            where locktype = 'advisory'
              and classid::bigint = %d
              and objid::bigint = %d
              and objsubid = 1
              and granted
              and pid = %d
            """;

    private final Set<Connection> open = new HashSet<>();
    private boolean restricted;
    private Optional<WriterSession> writer = Optional.empty();

    ClinicConnections(Config.LocalPostgres settings) {
        setUrl("jdbc:postgresql://" + settings.host() + ":" + settings.port() + "/" + settings.database());
        setConnectionProperties(properties(settings));
    }

    /** The password travels apart from the URL, which shows in logs and JMX. */
    private static Properties properties(Config.LocalPostgres settings) {
        var properties = new Properties();
        properties.setProperty("user", settings.user());
        properties.setProperty("password", settings.password());
        properties.setProperty("ApplicationName", "centrovision-sync");
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("loginTimeout", "8");
        properties.setProperty("socketTimeout", String.valueOf(QUIET_SECONDS));
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("stringtype", "unspecified");
        return properties;
    }

    /** A connection for short statements alone: ten seconds of silence end it. */
    Connection openBrief() throws SQLException {
        return DriverManager.getConnection(getUrl(), getConnectionProperties());
    }

    @Override
    protected Connection getConnectionFromDriver(Properties properties) throws SQLException {
        var connection = DriverManager.getConnection(getUrl(), properties);
        try {
            try (var statement = connection.createStatement()) {
                statement.execute("set statement_timeout = " + SERVER_MILLIS);
            }
            remember(connection);
            requireWriter(connection);
            connection.setNetworkTimeout(Runnable::run, STATEMENT_MILLIS);
            return connection;
        } catch (SQLException unfit) {
            connection.close();
            throw unfit;
        }
    }

    private synchronized void remember(Connection connection) throws SQLException {
        for (var known : List.copyOf(open)) {
            if (known.isClosed()) {
                open.remove(known);
            }
        }
        open.add(connection);
    }

    /** The shared lock first: a later writer ends all who have it, so what the test saw holds as long as the connection. */
    private void requireWriter(Connection connection) throws SQLException {
        var session = writerSession();
        if (session.isEmpty()) {
            return;
        }
        try (var statement = connection.createStatement()) {
            statement.execute(JOIN.formatted(WriterLock.SESSIONS, session.get().since()));
            try (var lock = statement.executeQuery(STILL_HELD.formatted(
                    WriterLock.KEY >>> 32,
                    WriterLock.KEY & 0xffffffffL,
                    session.get().pid()))) {
                if (!lock.next()) {
                    throw notTheWriter();
                }
            }
        }
    }

    private synchronized Optional<WriterSession> writerSession() throws SQLException {
        if (restricted && writer.isEmpty()) {
            throw notTheWriter();
        }
        return writer;
    }

    private static SQLException notTheWriter() {
        return new SQLException("this service is not the writer of the database now", ClinicFailures.NOT_THE_WRITER);
    }

    /** From here on, until {@link #cut()}, connections belong to this session of the lock. */
    synchronized void admit(WriterSession session) {
        restricted = true;
        writer = Optional.of(session);
    }

    /** Ends every connection at once, also those that wait for an answer, and opens none before the next writer session. */
    synchronized void cut() {
        writer = Optional.empty();
        for (var connection : open) {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException gone) {
                logger.debug("connection not cut", gone);
            }
        }
        open.clear();
    }

    /** The pool asks for it; the properties say it already. */
    @Override
    public void setLoginTimeout(int seconds) {}

    /** How long a pool that is closed waits for a connection that it has begun to open. */
    @Override
    public int getLoginTimeout() {
        return 5;
    }
}
