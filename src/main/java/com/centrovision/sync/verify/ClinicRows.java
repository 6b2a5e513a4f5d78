package com.centrovision.sync.verify;

import com.centrovision.sync.verify.ComparedRow.State;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;

/** The clinic's side of a comparison; the work is done by the functions of {@code R__sync_verify.sql}. */
public final class ClinicRows {
    private final JdbcTemplate clinic;
    private final Duration overlap;
    private final boolean withValues;
    private final ObjectMapper json = new ObjectMapper();

    /**
     * @param overlap how far back a pass reads again
     * @param withValues whether differences tell what both sides hold
     */
    public ClinicRows(JdbcTemplate clinic, Duration overlap, boolean withValues) {
        this.clinic = clinic;
        this.overlap = overlap;
        this.withValues = withValues;
    }

    /** Why the clinic's table cannot be compared. */
    Optional<String> unfit(String table) {
        return Optional.ofNullable(clinic.queryForObject("select sync_unfit(?)", String.class, table));
    }

    /** Compares rows of the cloud, in the order of their ids. */
    List<ComparedRow> compare(String table, String rows) {
        return compare(table, List.of(), rows);
    }

    /** Compares rows that the cloud does not have. */
    List<ComparedRow> compareMissing(String table, Collection<String> ids) {
        return ids.isEmpty() ? List.of() : compare(table, ids, "[]");
    }

    private List<ComparedRow> compare(String table, Collection<String> ids, String rows) {
        return clinic.query(
                "select * from sync_verify_rows(?, string_to_array(?, ',')::uuid[], ?::json, ?, ?)",
                (row, number) -> compared(row),
                table,
                String.join(",", ids),
                rows,
                overlap.toSeconds(),
                withValues);
    }

    /** The clinic's next ids behind one id, up to another where that is not empty, that are not among these. */
    List<String> others(String table, String after, String until, Collection<String> among, int rows) {
        return clinic.queryForList(
                "select sync_verify_others(?, nullif(?, '')::uuid, nullif(?, '')::uuid, "
                        + "string_to_array(?, ',')::uuid[], ?)::text",
                String.class,
                table,
                after,
                until,
                String.join(",", among),
                rows);
    }

    /** Has the next pass fetch these rows of the cloud and write them. */
    void mark(String table, Collection<String> ids, String rows) {
        clinic.queryForObject(
                "select sync_verify_mark(?, string_to_array(?, ',')::uuid[], ?::json, 'verify')::text",
                String.class,
                table,
                String.join(",", ids),
                rows);
    }

    private ComparedRow compared(ResultSet row) throws SQLException {
        var id = row.getString("record_id");
        var state = row.getString("state");
        var columns = row.getArray("differing");
        var difference = new Difference(
                id,
                state,
                columns == null ? List.of() : Arrays.asList((String[]) columns.getArray()),
                Optional.ofNullable(row.getString("reason")),
                values(row.getString("cells")));
        return new ComparedRow(
                id,
                State.valueOf(state.toUpperCase(Locale.ROOT)),
                Optional.ofNullable(row.getString("trace")).orElse(""),
                row.getBoolean("waiting"),
                difference);
    }

    private JsonNode values(String cells) {
        try {
            return cells == null ? MissingNode.getInstance() : json.readTree(cells);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("the clinic's database wrote no JSON");
        }
    }
}
