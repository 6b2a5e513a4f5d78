package com.centrovision.sync.backup;

import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The clinic's database as it was at one moment, and the lock that lets one backup at a time be made. */
final class BackupSession implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BackupSession.class);

    /** 'cvback' in ASCII. */
    private static final long LOCK = 0x63766261636bL;

    private static final String ROLES =
            """
            select string_agg(distinct r.name, ',')
            from (
              select pg_get_userbyid(d.refobjid) as name
              from pg_shdepend d
              where d.refclassid = 'pg_authid'::regclass
                and d.dbid = (select oid from pg_database where datname = current_database())
              union
              select pg_get_userbyid(c.relowner)
              from pg_class c
              where c.relkind in ('r', 'v', 'm', 'S', 'p')
                and c.relnamespace::regnamespace::text !~ '^(pg_|information_schema)'
            ) r
            where r.name !~ '^pg_'
            """;

    private final Server server;
    private final Connection work;
    private final Connection moment;
    private final String snapshot;
    private final int serverVersion;

    private BackupSession(Server server, Connection work, Connection moment) throws SQLException {
        this.server = server;
        this.work = work;
        this.moment = moment;
        this.serverVersion =
                Integer.parseInt(Server.text(work, "select current_setting('server_version_num')")) / 10000;
        this.snapshot = Server.text(moment, "select pg_export_snapshot()");
    }

    static BackupSession open(Server server) throws SQLException {
        var work = server.open();
        try {
            if (!Server.text(work, "select pg_try_advisory_lock(" + LOCK + ")").equals("t")) {
                throw new Problem(
                        ProblemCode.BACKUP_UNDER_WAY, server.settings().database());
            }
            var moment = server.open();
            try {
                Contents.prepare(moment);
                moment.setAutoCommit(false);
                moment.setReadOnly(true);
                moment.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                return new BackupSession(server, work, moment);
            } catch (SQLException | RuntimeException failure) {
                moment.close();
                throw failure;
            }
        } catch (SQLException | RuntimeException failure) {
            work.close();
            throw failure;
        }
    }

    int serverVersion() {
        return serverVersion;
    }

    /** For pg_dump, so that it sees the same moment. */
    String snapshot() {
        return snapshot;
    }

    Map<String, String> contents() throws SQLException {
        try {
            return Contents.of(moment);
        } catch (SQLException refusal) {
            if ("42501".equals(refusal.getSQLState())) {
                var user = server.settings().user();
                throw new Problem(ProblemCode.BACKUP_RIGHT_MISSING, user)
                        .remediedBy(List.of("GRANT pg_read_all_data TO " + Server.quoted(user) + ";"))
                        .causedBy(refusal);
            }
            throw refusal;
        }
    }

    List<String> roles() throws SQLException {
        return Arrays.stream(Server.text(work, ROLES).split(","))
                .filter(name -> !name.isEmpty())
                .toList();
    }

    /** In bytes. */
    long size() throws SQLException {
        return Long.parseLong(Server.text(work, "select pg_database_size(current_database())"));
    }

    /** Where the server keeps its files; empty where it does not tell this user. */
    String dataDirectory() throws SQLException {
        return Server.text(work, "select setting from pg_settings where name = 'data_directory'");
    }

    Connection work() {
        return work;
    }

    /** Writes down how it ended, for the watch over alerts; a database without control tables needs none. */
    void note(String status, Optional<Problem> problem, long millis) {
        try (var statement = work.prepareStatement(
                "insert into public._sync_log (direction, status, error_message, duration_ms) values ('BACKUP', ?, ?, ?)")) {
            statement.setString(1, status);
            statement.setString(2, problem.map(Problem::getMessage).orElse(null));
            statement.setInt(3, (int) Math.min(millis, Integer.MAX_VALUE));
            statement.executeUpdate();
        } catch (SQLException unnoted) {
            LOG.debug("end of backup not noted sqlstate={}", unnoted.getSQLState());
        }
    }

    @Override
    public void close() throws SQLException {
        try (work) {
            moment.close();
        }
    }
}
