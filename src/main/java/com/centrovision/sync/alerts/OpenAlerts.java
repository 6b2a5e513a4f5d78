package com.centrovision.sync.alerts;

import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;

/** Reads from the clinic's database which alerts are open, which ended, and which channels do not get through. */
public final class OpenAlerts {
    private static final String COLUMNS =
            "select key, kind, severity, table_name, numbers::text, since, case when solved_at is not null then seen_at end as ended_at ";

    private final JdbcTemplate clinic;

    public OpenAlerts(JdbcTemplate clinic) {
        this.clinic = clinic;
    }

    /** A channel whose messages wait, since when, and why. */
    public record Failing(String channel, long waiting, Instant since, String reason) {}

    /** The worst first. */
    public List<Alert> open() {
        return alerts("from _sync_alert where raised_at is not null and solved_at is null "
                + "order by severity <> 'critical', since, key");
    }

    /** What was told lately and is over, the newest first. */
    public List<Alert> lastEnded(int most) {
        return alerts("from _sync_alert where raised_at is not null and solved_at is not null "
                + "order by solved_at desc, id desc limit " + most);
    }

    public List<Failing> failing() {
        return clinic.query(
                "select channel, waiting, since, error from _sync_alert_failing order by channel",
                (row, number) -> new Failing(
                        row.getString("channel"),
                        row.getLong("waiting"),
                        row.getTimestamp("since").toInstant(),
                        row.getString("error")));
    }

    private List<Alert> alerts(String from) {
        return clinic.queryForList(COLUMNS + from).stream().map(AlertRow::alert).toList();
    }
}
