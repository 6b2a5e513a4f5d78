package com.centrovision.sync.status;

import com.centrovision.sync.alerts.OpenAlerts;
import com.centrovision.sync.clinic.ClinicFailures;
import com.centrovision.sync.clinic.ClinicProbe;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.status.StatusSnapshot.OpenAlert;
import com.centrovision.sync.status.StatusSnapshot.Table;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/** Reads the status from the clinic's database, with or without a service running. */
public final class StatusReader {
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(15);

    private final JdbcTemplate clinic;
    private final Locale language;

    /** @param language of the sentences about open alerts */
    public StatusReader(JdbcTemplate clinic, Locale language) {
        this.clinic = clinic;
        this.language = language;
    }

    public StatusSnapshot read() {
        var alerts = new OpenAlerts(clinic);
        return readSync()
                .with(
                        alerts.open().stream()
                                .map(alert -> OpenAlert.of(alert, language))
                                .toList(),
                        alerts.failing());
    }

    private StatusSnapshot readSync() {
        var now = clinic.queryForObject("select clock_timestamp()", Timestamp.class)
                .toInstant();
        var tables = clinic.query("select * from _sync_status order by table_name", (row, number) -> table(row, now));
        var standbys = standbys();
        return clinic
                .query("select * from _sync_service", (row, number) -> snapshot(row, now, standbys, tables))
                .stream()
                .findFirst()
                .orElseGet(() -> snapshot(
                        "stopped", "never-started", null, null, null, null, null, null, standbys, null, null, tables));
    }

    private List<StatusSnapshot.Standby> standbys() {
        return clinic.query(
                "select host, process_id, since from _sync_standby "
                        + "where seen_at > now() - make_interval(secs => ?) order by since",
                (row, number) -> new StatusSnapshot.Standby(
                        row.getString("host"), row.getLong("process_id"), instant(row, "since")),
                SIGN_OF_LIFE.toSeconds());
    }

    private StatusSnapshot snapshot(
            ResultSet row, Instant now, List<StatusSnapshot.Standby> standbys, List<Table> tables) throws SQLException {
        var seenAt = instant(row, "seen_at");
        var lastPass = instant(row, "last_pass_at");
        var takenOver = instant(row, "taken_over_at");
        if (!row.getString("mode").equals("stopped")
                && seenAt.plus(SIGN_OF_LIFE).isBefore(now)) {
            return snapshot(
                    "stopped",
                    "no-sign-of-life",
                    seenAt,
                    lastPass,
                    null,
                    null,
                    takenOver,
                    probe(),
                    standbys,
                    null,
                    null,
                    tables);
        }
        return snapshot(
                row.getString("mode"),
                row.getString("reason"),
                instant(row, "since"),
                lastPass,
                row.getLong("clock_skew_ms") / 1000.0,
                row.getString("cloud_mode"),
                takenOver,
                row.getString("clinic_problem"),
                standbys,
                backlog(row, "up"),
                backlog(row, "down"),
                tables);
    }

    /** A service whose database takes no writes cannot say so there. */
    private String probe() {
        try {
            ClinicProbe.require(clinic);
            return null;
        } catch (DataAccessException failure) {
            return ClinicFailures.sql(failure)
                    .map(ClinicFailures::code)
                    .map(ProblemCode::id)
                    .orElse(null);
        }
    }

    private static StatusSnapshot snapshot(
            String mode,
            String reason,
            Instant since,
            Instant lastPass,
            Double skew,
            String cloudMode,
            Instant takenOverAt,
            String clinicProblem,
            List<StatusSnapshot.Standby> standbys,
            Backlog backlogUp,
            Backlog backlogDown,
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
                takenOverAt,
                clinicProblem,
                standbys,
                backlogUp,
                backlogDown,
                tables,
                List.of(),
                List.of());
    }

    private static Backlog backlog(ResultSet row, String direction) throws SQLException {
        var left = row.getLong(direction + "_left");
        return row.wasNull() || row.getString("mode").equals("stopped")
                ? null
                : Backlog.of(left, row.getDouble(direction + "_per_second"));
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
