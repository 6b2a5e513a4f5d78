package com.centrovision.sync.quarantine;

import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.quarantine.RefusedContent.Cell;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;

/** Refused rows as a person sees and retries them, in the clinic's database alone. Threads share it. */
public final class QuarantinedRows {
    private static final String ONE =
            "select q.*, sync_refused_version(q) as version from _sync_quarantine q where q.id = ?";

    private final JdbcTemplate clinic;

    private record Place(String table, UUID row, Cell cell) {}

    public QuarantinedRows(JdbcTemplate clinic) {
        this.clinic = clinic;
    }

    /** @param withGivenUp also those that a person gave up */
    public List<RefusedRow> list(boolean withGivenUp, int most) {
        return clinic.query(
                "select q.*, sync_refused_version(q) as version from sync_refused_rows(?, ?) q",
                (row, number) -> refused(row),
                withGivenUp,
                most);
    }

    public Optional<RefusedRow> find(long id) {
        return clinic.query(ONE, (row, number) -> refused(row), id).stream().findFirst();
    }

    /** The row as it was refused. */
    public RefusedContent content(long id) {
        var places = clinic.query("select * from sync_quarantined_row(?)", (row, number) -> place(row), id);
        var first = places.stream().findFirst().orElseThrow(() -> unknown(id));
        return new RefusedContent(
                id,
                first.table(),
                first.row(),
                places.stream()
                        .map(Place::cell)
                        .filter(cell -> cell.name() != null)
                        .toList());
    }

    /** Up at once, down with the next pass. Returns the table. */
    public String tryAgain(long id) {
        var tables = clinic.queryForList("select sync_try_again(?)", String.class, id);
        return tables.stream().filter(Objects::nonNull).findFirst().orElseThrow(() -> unknown(id));
    }

    static Problem unknown(long id) {
        return new Problem(ProblemCode.QUARANTINE_UNKNOWN, String.valueOf(id));
    }

    private static Place place(ResultSet row) throws SQLException {
        return new Place(
                row.getString("table_name"),
                row.getObject("record_id", UUID.class),
                new Cell(row.getString("name"), row.getString("value")));
    }

    private static RefusedRow refused(ResultSet row) throws SQLException {
        return new RefusedRow(
                row.getLong("id"),
                row.getString("direction"),
                row.getString("table_name"),
                row.getObject("record_id", UUID.class),
                row.getString("code"),
                row.getString("reason"),
                row.getInt("attempts"),
                instant(row, "first_at"),
                instant(row, "last_at"),
                instant(row, "next_attempt_at"),
                instant(row, "given_up_at"),
                row.getString("given_up_by"),
                row.getString("given_up_reason"),
                row.getString("version"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        var stamp = row.getTimestamp(column);
        return stamp == null ? null : stamp.toInstant();
    }
}
