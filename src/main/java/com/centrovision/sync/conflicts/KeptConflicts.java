package com.centrovision.sync.conflicts;

import com.centrovision.sync.conflicts.ConflictVersions.Column;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;

/** Reads kept conflicts from the clinic's database, with or without a service running. */
public final class KeptConflicts {
    private static final String ONE = "select * from sync_list_conflicts(null) where id = ?";

    private final JdbcTemplate clinic;

    public KeptConflicts(JdbcTemplate clinic) {
        this.clinic = clinic;
    }

    /** Those that wait for a person, then the newest of the others. */
    public List<KeptConflict> newest(int decided) {
        return clinic.query("select * from sync_list_conflicts(?)", (row, number) -> conflict(row), decided);
    }

    public List<KeptConflict> all() {
        return clinic.query("select * from sync_list_conflicts(null)", (row, number) -> conflict(row));
    }

    public Optional<ConflictVersions> versions(long id) {
        return clinic.query(ONE, (row, number) -> conflict(row), id).stream()
                .findFirst()
                .map(this::versions);
    }

    private ConflictVersions versions(KeptConflict conflict) {
        var columns =
                clinic.query("select * from sync_conflict_columns(?)", (row, number) -> column(row), conflict.id());
        var different = columns.stream().flatMap(Optional::stream).toList();
        var version = clinic.queryForObject(
                "select sync_conflict_version(c) from _conflicts c where c.id = ?", String.class, conflict.id());
        return new ConflictVersions(conflict, version, columns.size() - different.size(), different);
    }

    private static Optional<Column> column(ResultSet row) throws SQLException {
        if (!row.getBoolean("differs")) {
            return Optional.empty();
        }
        return Optional.of(new Column(
                row.getString("name"),
                row.getString("base"),
                row.getString("clinic"),
                row.getString("cloud"),
                row.getString("result"),
                row.getBoolean("by_clinic"),
                row.getBoolean("by_cloud")));
    }

    private static KeptConflict conflict(ResultSet row) throws SQLException {
        return new KeptConflict(
                row.getLong("id"),
                row.getString("table_name"),
                row.getObject("record_id", UUID.class),
                row.getString("kind"),
                row.getString("strategy"),
                row.getString("winner"),
                instant(row, "created_at"),
                instant(row, "local_stamp"),
                instant(row, "remote_stamp"),
                row.getObject("skew_ms", Long.class),
                instant(row, "resolved_at"),
                row.getString("resolved_by"),
                row.getString("resolution"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        var stamp = row.getTimestamp(column);
        return stamp == null ? null : stamp.toInstant();
    }
}
