package com.centrovision.sync.console;

import com.centrovision.sync.problem.Json;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.springframework.jdbc.core.JdbcTemplate;

/** Rows that one side refuses now, as a person looks at them on the page. Threads share it. */
public final class QuarantineDesk {
    private static final int SHOWN = 200;

    private final JdbcTemplate clinic;
    private final Consumer<String> pass;
    private final Audit audit;

    record Refused(
            long id,
            String direction,
            String tableName,
            UUID recordId,
            String code,
            String reason,
            int attempts,
            Instant firstAt,
            Instant lastAt,
            Instant nextAttemptAt,
            Instant givenUpAt,
            String givenUpBy,
            String givenUpReason) {}

    /** @param value JSON */
    record Cell(String name, @JsonRawValue String value) {}

    private record Place(String table, UUID row, Optional<Cell> cell) {}

    /** @param pass starts a pass of a table */
    QuarantineDesk(JdbcTemplate clinic, Consumer<String> pass, Audit audit) {
        this.clinic = clinic;
        this.pass = pass;
        this.audit = audit;
    }

    /** Called by the route {@code quarantine-list}: without a cell value. */
    public String list() throws JsonProcessingException {
        return Json.of(clinic.query("select * from sync_list_quarantine(?)", (row, number) -> refused(row), SHOWN));
    }

    /** Called by the route {@code quarantine-show}: with the row as it was refused, which is written down. */
    public String show(Exchange exchange) throws JsonProcessingException {
        var id = Wish.id(exchange);
        var visitor = Visitor.of(exchange);
        var places = clinic.query("select * from sync_quarantined_row(?)", (row, number) -> place(row), id);
        var first = places.stream().findFirst().orElseThrow(() -> new Problem(ProblemCode.CONSOLE_NOT_REFUSED, id));
        audit.viewed(visitor, "view-quarantine", String.valueOf(id), first.table(), first.row());
        return Json.of(List.copyOf(
                places.stream().map(Place::cell).flatMap(Optional::stream).toList()));
    }

    /** Called by the route {@code quarantine-retry}. */
    public String tryAgain(Exchange exchange) throws JsonProcessingException {
        var id = Wish.id(exchange);
        var visitor = Visitor.of(exchange);
        var reason = Wish.of(exchange).text("reason", Wish.LONGEST_REASON);
        var table = Optional.ofNullable(clinic.queryForObject("select sync_try_again(?)", String.class, id));
        audit.done(visitor, "try-again", String.valueOf(id), reason, table.isPresent() ? "due" : "missing");
        pass.accept(table.orElseThrow(() -> new Problem(ProblemCode.CONSOLE_NOT_REFUSED, id)));
        return Json.of(Map.of("verdict", "due"));
    }

    /** Called by the route {@code quarantine-give-up}. */
    public String giveUp(Exchange exchange) throws JsonProcessingException {
        var id = Wish.id(exchange);
        var visitor = Visitor.of(exchange);
        var reason = Wish.of(exchange).text("reason", Wish.LONGEST_REASON);
        var verdict = clinic.queryForObject("select sync_give_up(?, ?, ?)", String.class, id, visitor.person(), reason);
        audit.done(visitor, "give-up", String.valueOf(id), reason, verdict);
        if (verdict.equals("missing")) {
            throw new Problem(ProblemCode.CONSOLE_NOT_REFUSED, id);
        }
        return Json.of(Map.of("verdict", verdict));
    }

    private static Place place(ResultSet row) throws SQLException {
        var name = row.getString("name");
        return new Place(
                row.getString("table_name"),
                row.getObject("record_id", UUID.class),
                name == null ? Optional.empty() : Optional.of(new Cell(name, row.getString("value"))));
    }

    private static Refused refused(ResultSet row) throws SQLException {
        return new Refused(
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
                row.getString("given_up_reason"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        var stamp = row.getTimestamp(column);
        return stamp == null ? null : stamp.toInstant();
    }
}
