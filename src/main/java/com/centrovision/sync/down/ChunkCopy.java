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

    private static final String BEGIN =
            "select copy, kinds from sync_begin_copy(?, ?::timestamptz, ?::uuid, ?::uuid, ?::text[])";
    private static final String END =
            """
            select *
            from sync_end_copy(
              ?, ?, ?::uuid, ?::timestamptz, ?::uuid, string_to_array(nullif(?, ''), ',')::uuid[]);
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
        var way = begins(connection, table, stream, chunk);
        if (way.copy() == null) {
            return Optional.empty();
        }
        if (!sends(connection, way, chunk)) {
            stream.pass().copyFailed();
            return Optional.empty();
        }
        return Optional.of(ends(connection, table, stream, chunk));
    }

    /** How the rows are copied, as {@code sync_begin_copy} tells it. */
    private record Way(String copy, String kinds) {}

    private static Way begins(Connection connection, String table, DownStream stream, RowChunk chunk)
            throws SQLException {
        try (var begin = connection.prepareStatement(BEGIN)) {
            begin.setString(1, table);
            begin.setString(2, stream.getClock());
            begin.setString(3, chunk.firstId());
            begin.setString(4, chunk.lastId());
            begin.setString(5, chunk.columns());
            try (var told = begin.executeQuery()) {
                told.next();
                return new Way(told.getString(1), told.getString(2));
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
            end.setString(4, chunk.lastStamp());
            end.setString(5, stream.getPart());
            end.setString(6, stream.getBounds());
            end.execute();
            try (var outcome = end.getResultSet()) {
                outcome.next();
                return new ColumnMapRowMapper().mapRow(outcome, 1);
            }
        }
    }

    /** Whether all rows were told. */
    private static boolean sends(Connection connection, Way way, RowChunk chunk) throws SQLException {
        var copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(way.copy());
        try {
            new CopyText(chunk.cells(), way.kinds(), copy::writeToCopy).write();
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
