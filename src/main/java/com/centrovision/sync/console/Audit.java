package com.centrovision.sync.console;

import com.centrovision.sync.problem.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;

/** Writes down who looked at a row's content and who did what, in the clinic's database and in the log. Threads share it. */
public final class Audit {
    private static final Logger LOG = LoggerFactory.getLogger(Audit.class);
    private static final int SHOWN = 100;

    private final JdbcTemplate clinic;

    /** @param subject what it was done to: a conflict, a refused row or a table */
    record Entry(
            Instant at,
            String person,
            String address,
            String action,
            String subject,
            String tableName,
            UUID recordId,
            String reason,
            String outcome) {}

    Audit(JdbcTemplate clinic) {
        this.clinic = clinic;
    }

    /** Before a row's content is shown: what cannot be written down is not shown. */
    void viewed(Visitor visitor, String action, String subject, String table, UUID row) {
        write(visitor, action, subject, Optional.of(table), Optional.of(row), Optional.empty(), "shown");
    }

    void done(Visitor visitor, String action, String subject, String reason, String outcome) {
        write(visitor, action, subject, Optional.empty(), Optional.empty(), Optional.of(reason), outcome);
    }

    /** What the decision itself has written down is told in the log. */
    void told(Visitor visitor, String action, String subject, String outcome) {
        LOG.info("console action={} subject={} address={} outcome={}", action, subject, visitor.address(), outcome);
    }

    private void write(
            Visitor visitor,
            String action,
            String subject,
            Optional<String> table,
            Optional<UUID> row,
            Optional<String> reason,
            String outcome) {
        clinic.update(
                "insert into _sync_audit (person, address, action, subject, table_name, record_id, reason, outcome) "
                        + "values (?, ?, ?, ?, ?, ?, ?, ?)",
                visitor.person(),
                visitor.address(),
                action,
                subject,
                table.orElse(null),
                row.orElse(null),
                reason.orElse(null),
                outcome);
        told(visitor, action, subject, outcome);
    }

    /** Called by the route {@code audit}. */
    public String list() throws JsonProcessingException {
        return Json.of(clinic.query("select * from sync_list_audit(?)", (row, number) -> entry(row), SHOWN));
    }

    private static Entry entry(ResultSet row) throws SQLException {
        return new Entry(
                row.getTimestamp("at").toInstant(),
                row.getString("person"),
                row.getString("address"),
                row.getString("action"),
                row.getString("subject"),
                row.getString("table_name"),
                row.getObject("record_id", UUID.class),
                row.getString("reason"),
                row.getString("outcome"));
    }
}
