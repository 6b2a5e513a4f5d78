package com.centrovision.sync.status;

import static com.centrovision.sync.status.ServiceStatus.instant;

import com.centrovision.sync.alerts.OpenAlerts;
import com.centrovision.sync.clinic.ClinicFailures;
import com.centrovision.sync.clinic.ClinicProbe;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.status.StatusSnapshot.Table;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/** Reads the status from the clinic's database, with or without a service running. */
public final class StatusReader {
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(15);

    private final JdbcTemplate clinic;

    public StatusReader(JdbcTemplate clinic) {
        this.clinic = clinic;
    }

    public StatusReading read() {
        var now = clinic.queryForObject("select clock_timestamp()", Timestamp.class)
                .toInstant();
        var tables = clinic.query("select * from _sync_status order by table_name", (row, number) -> table(row, now));
        var alerts = new OpenAlerts(clinic);
        return new StatusReading(service(now), standbys(), tables, alerts.open(), alerts.failing(), files());
    }

    /** Empty where no files are kept. */
    public Optional<FileStatus> files() {
        return clinic
                .query(
                        "select s.* from sync_file_status() s where exists (select from _sync_buckets)",
                        (row, number) -> FileStatus.of(row))
                .stream()
                .findFirst();
    }

    private ServiceStatus service(Instant now) {
        return clinic.query("select * from _sync_service", (row, number) -> service(row, now)).stream()
                .findFirst()
                .orElseGet(ServiceStatus::neverStarted);
    }

    private ServiceStatus service(ResultSet row, Instant now) throws SQLException {
        var service = ServiceStatus.of(row);
        var seenAt = instant(row, "seen_at");
        return service.isStopped() || seenAt.plus(SIGN_OF_LIFE).isAfter(now)
                ? service
                : service.silent(seenAt, probe());
    }

    private List<StatusSnapshot.Standby> standbys() {
        return clinic.query(
                "select host, process_id, since from _sync_standby "
                        + "where seen_at > now() - make_interval(secs => ?) order by since",
                (row, number) -> new StatusSnapshot.Standby(
                        row.getString("host"), row.getLong("process_id"), instant(row, "since")),
                SIGN_OF_LIFE.toSeconds());
    }

    /** A service whose database takes no writes cannot say so there. */
    private Optional<String> probe() {
        try {
            ClinicProbe.require(clinic);
            return Optional.empty();
        } catch (DataAccessException failure) {
            return ClinicFailures.sql(failure).map(ClinicFailures::code).map(ProblemCode::id);
        }
    }

    private Table table(ResultSet row, Instant now) throws SQLException {
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
}
