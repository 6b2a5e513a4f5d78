package com.centrovision.sync.status;

import com.centrovision.sync.connection.ConnectionState;
import com.fasterxml.jackson.annotation.JsonIgnore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;

/** The service at one moment, by its own word as far as it runs; null where not known. */
public record ServiceStatus(
        String mode,
        String reason,
        Instant since,
        Instant lastPass,
        Double clockSkewSeconds,
        String cloudMode,
        Instant takenOverAt,
        String clinicProblem,
        Backlog backlogUp,
        Backlog backlogDown) {
    private static final String STOPPED = "stopped";

    static ServiceStatus neverStarted() {
        return new ServiceStatus(STOPPED, "never-started", null, null, null, null, null, null, null, null);
    }

    /** @param row of {@code _sync_service} */
    static ServiceStatus of(ResultSet row) throws SQLException {
        return new ServiceStatus(
                row.getString("mode"),
                row.getString("reason"),
                instant(row, "since"),
                instant(row, "last_pass_at"),
                row.getLong("clock_skew_ms") / 1000.0,
                row.getString("cloud_mode"),
                instant(row, "taken_over_at"),
                row.getString("clinic_problem"),
                backlog(row, "up"),
                backlog(row, "down"));
    }

    /** What is left to say of a service that has been silent. */
    ServiceStatus silent(Instant seenAt, Optional<String> clinicProblem) {
        return new ServiceStatus(
                STOPPED,
                "no-sign-of-life",
                seenAt,
                lastPass,
                null,
                null,
                takenOverAt,
                clinicProblem.orElse(null),
                null,
                null);
    }

    /** The same, with what is known of the line and the clinic's database this moment. */
    ServiceStatus during(ConnectionState line, String problem) {
        return new ServiceStatus(
                line.mode(),
                line.reason(),
                line.since(),
                lastPass,
                clockSkewSeconds,
                cloudMode,
                takenOverAt,
                problem,
                backlogUp,
                backlogDown);
    }

    @JsonIgnore
    public boolean isStopped() {
        return mode.equals(STOPPED);
    }

    private static Backlog backlog(ResultSet row, String direction) throws SQLException {
        var left = row.getLong(direction + "_left");
        return row.wasNull() || row.getString("mode").equals(STOPPED)
                ? null
                : Backlog.of(left, row.getDouble(direction + "_per_second"));
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getTimestamp(column))
                .map(Timestamp::toInstant)
                .orElse(null);
    }
}
