package com.centrovision.sync.status;

import com.centrovision.sync.status.StatusSnapshot.Table;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.ToLongFunction;
import org.springframework.jdbc.core.JdbcTemplate;

/** Reads the status from the clinic's database, with or without a service running. */
public final class StatusReader {
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(15);

    private final JdbcTemplate clinic;

    public StatusReader(JdbcTemplate clinic) {
        this.clinic = clinic;
    }

    public StatusSnapshot read() {
        var now = clinic.queryForObject("select clock_timestamp()", Timestamp.class)
                .toInstant();
        var tables = clinic.query("select * from _sync_status order by table_name", (row, number) -> table(row, now));
        return clinic.query("select * from _sync_service", (row, number) -> snapshot(row, now, tables)).stream()
                .findFirst()
                .orElseGet(() -> snapshot("stopped", "never-started", null, null, null, null, tables));
    }

    private static StatusSnapshot snapshot(ResultSet row, Instant now, List<Table> tables) throws SQLException {
        var seenAt = instant(row, "seen_at");
        var lastPass = instant(row, "last_pass_at");
        if (!row.getString("mode").equals("stopped")
                && seenAt.plus(SIGN_OF_LIFE).isBefore(now)) {
            return snapshot("stopped", "no-sign-of-life", seenAt, lastPass, null, null, tables);
        }
        return snapshot(
                row.getString("mode"),
                row.getString("reason"),
                instant(row, "since"),
                lastPass,
                row.getLong("clock_skew_ms") / 1000.0,
                row.getString("cloud_mode"),
                tables);
    }

    private static StatusSnapshot snapshot(
            String mode,
            String reason,
            Instant since,
            Instant lastPass,
            Double skew,
            String cloudMode,
            List<Table> tables) {
        return new StatusSnapshot(
                mode,
                reason,
                since,
                lastPass,
                skew,
                cloudMode,
                sum(tables, Table::pending),
                sum(tables, Table::held),
                sum(tables, Table::quarantine),
                sum(tables, Table::conflicts),
                tables);
    }

    private static long sum(List<Table> tables, ToLongFunction<Table> count) {
        return tables.stream().mapToLong(count).sum();
    }

    private static Table table(ResultSet row, Instant now) throws SQLException {
        var lastSync = instant(row, "last_sync");
        return new Table(
                row.getString("table_name"),
                row.getBoolean("active"),
                row.getBoolean("loaded"),
                lastSync,
                lastSync == null ? null : Duration.between(lastSync, now).toSeconds(),
                row.getLong("rows_down"),
                row.getLong("rows_up"),
                row.getLong("pending"),
                row.getLong("held"),
                row.getLong("quarantine"),
                row.getLong("conflicts"),
                row.getString("last_error"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        var stamp = row.getTimestamp(column);
        return stamp == null ? null : stamp.toInstant();
    }
}
