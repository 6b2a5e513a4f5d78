package com.centrovision.sync.status;

import com.centrovision.sync.alerts.Alert;
import com.centrovision.sync.alerts.AlertTexts;
import com.centrovision.sync.alerts.OpenAlerts;
import com.centrovision.sync.connection.ConnectionState;
import com.centrovision.sync.problem.StoredText;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** The service, its tables and its files at one moment; the command line and its JSON show this one. {@code files} is null where none are kept. */
public record StatusSnapshot(
        @JsonUnwrapped ServiceStatus service,
        long pending,
        long held,
        long quarantine,
        long conflicts,
        List<Standby> standbys,
        List<Table> tables,
        List<OpenAlert> alerts,
        List<OpenAlerts.Failing> failingChannels,
        FileStatus files) {

    /** The same, with what is known of the line and the clinic's database this moment. */
    public StatusSnapshot during(ConnectionState line, String clinicProblem) {
        return new StatusSnapshot(
                service.during(line, clinicProblem),
                pending,
                held,
                quarantine,
                conflicts,
                standbys,
                tables,
                alerts,
                failingChannels,
                files);
    }

    /** A problem that people were told of and that goes on, in their words. */
    public record OpenAlert(String key, String kind, String severity, String table, Instant since, String text) {
        static OpenAlert of(Alert alert, Locale language) {
            return new OpenAlert(
                    alert.key(),
                    alert.kind(),
                    alert.severity().word(),
                    alert.table().orElse(null),
                    alert.since(),
                    AlertTexts.sentence(alert).in(language));
        }
    }

    /** A service that waits to become the writer. */
    public record Standby(String host, long processId, Instant since) {}

    /** One table; {@code lagSeconds} counts from its last complete pass. */
    public record Table(
            String name,
            boolean active,
            boolean loaded,
            Instant lastSync,
            Long lagSeconds,
            long rowsDown,
            long rowsUp,
            long pending,
            long held,
            long quarantine,
            long conflicts,
            String lastError) {

        /** The same, with its error in the reader's language. */
        Table in(Locale language) {
            return new Table(
                    name,
                    active,
                    loaded,
                    lastSync,
                    lagSeconds,
                    rowsDown,
                    rowsUp,
                    pending,
                    held,
                    quarantine,
                    conflicts,
                    lastError == null ? null : StoredText.in(language, lastError));
        }
    }
}
