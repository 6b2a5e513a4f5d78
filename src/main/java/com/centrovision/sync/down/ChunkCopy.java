package com.centrovision.sync.down;

import com.centrovision.sync.cloud.RowChunk;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.ColumnMapRowMapper;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Takes a chunk of a first load in by COPY, in one transaction with its resume point, counters and log, where
 * the clinic has none of its rows. What that is no way for, or fails, has not happened: the step 'upsert' does it, and tells what
 * is wrong. Threads share it.
 */
public final class ChunkCopy {
    private static final Logger LOG = LoggerFactory.getLogger(ChunkCopy.class);

    private static final String PLAN = "select copy, kinds, known_columns from sync_copy_plan(?, ?::text[])";
    private static final String BEGIN = "select sync_begin_copy(?, ?::timestamptz, ?::uuid, ?::uuid, ?)";
    private static final String END =
            """
            select *
            from sync_end_copy(?, ?, ?::uuid, ?::uuid, string_to_array(nullif(?, ''), ',')::uuid[]);
            commit
            """;

    private final JdbcTemplate clinic;

    public ChunkCopy(JdbcTemplate clinic) {
        this.clinic = clinic;
    }

    /** Sets the variable {@code copied}; where it is true, the body is the outcome, as that of {@code sync_apply_chunk}. */
    public void copy(
            @Variable("table") String table,
            @Variable("stream") DownStream stream,
            @Body RowChunk chunk,
            Exchange exchange) {
        var outcome = stream.mayCopy() && chunk.isInOrder() ? copied(table, stream, chunk) : Optional.empty();
        outcome.ifPresent(exchange.getMessage()::setBody);
        exchange.setVariable("copied", outcome.isPresent());
    }

    private Optional<Map<String, Object>> copied(String table, DownStream stream, RowChunk chunk) {
        try {
            return clinic.execute((Connection connection) -> {
                connection.setAutoCommit(false);
                try {
                    return copied(connection, table, stream, chunk);
                } finally {
                    connection.rollback(); // of what was not written; what was is committed
                    connection.setAutoCommit(true);
                }
            });
        } catch (DataAccessException refused) {
            stream.pass().copyFailed();
            LOG.debug("chunk not copied table={} state={}", table, state(refused));
            return Optional.empty();
        }
    }

    private static String state(DataAccessException refused) {
        return refused.getMostSpecificCause() instanceof SQLException cause ? cause.getSQLState() : "none";
    }

    private static Optional<Map<String, Object>> copied(
            Connection connection, String table, DownStream stream, RowChunk chunk) throws SQLException {
        var plan = plan(connection, table, stream.pass(), chunk.columns());
        if (plan.copy() == null || !begins(connection, table, plan, stream, chunk)) {
            return Optional.empty();
        }
        if (!sends(connection, plan, chunk)) {
            stream.pass().copyFailed();
            return Optional.empty();
        }
        return Optional.of(ends(connection, table, stream, chunk));
    }

    /** That of the pass, as long as its rows have the same columns. */
    private static CopyPlan plan(Connection connection, String table, DownPass pass, String columns)
            throws SQLException {
        var known = pass.copyPlan().filter(plan -> plan.columns().equals(columns));
        if (known.isPresent()) {
            return known.get();
        }
        try (var statement = connection.prepareStatement(PLAN)) {
            statement.setString(1, table);
            statement.setString(2, columns);
            try (var told = statement.executeQuery()) {
                told.next();
                var plan = new CopyPlan(columns, told.getString(1), told.getString(2), told.getString(3));
                pass.copyBy(plan);
                return plan;
            }
        }
    }

    private static boolean begins(Connection connection, String table, CopyPlan plan, DownStream stream, RowChunk chunk)
            throws SQLException {
        try (var begin = connection.prepareStatement(BEGIN)) {
            begin.setString(1, table);
            begin.setString(2, stream.getClock());
            begin.setString(3, chunk.firstId());
            begin.setString(4, chunk.lastId());
            begin.setString(5, plan.knownColumns());
            try (var told = begin.executeQuery()) {
                told.next();
                return told.getBoolean(1);
            }
        }
    }

    /** Commits in the same message: a service that dies in between cannot undo what the database has been told. */
    private static Map<String, Object> ends(Connection connection, String table, DownStream stream, RowChunk chunk)
            throws SQLException {
        try (var end = connection.prepareStatement(END)) {
            end.setString(1, table);
            end.setInt(2, chunk.cells().rows());
            end.setString(3, chunk.lastId());
            end.setString(4, stream.getPart());
            end.setString(5, stream.getBounds());
            end.execute();
            try (var outcome = end.getResultSet()) {
                outcome.next();
                return new ColumnMapRowMapper().mapRow(outcome, 1);
            }
        }
    }

    /** Whether all rows were told. */
    private static boolean sends(Connection connection, CopyPlan plan, RowChunk chunk) throws SQLException {
        var copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(plan.copy());
        try {
            new CopyText(chunk.cells(), plan.kinds(), copy::writeToCopy).write();
            return copy.endCopy() == chunk.cells().rows();
        } catch (CopyText.NotPlainException unclear) {
            return false;
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }
}
