package com.centrovision.sync.console;

import com.centrovision.sync.pass.PassRequests;
import com.centrovision.sync.pass.TablePasses;
import com.centrovision.sync.problem.Json;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.tables.DeclaredTables;
import com.centrovision.sync.tables.SyncedTable;
import com.centrovision.sync.tables.TableInstallation;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.springframework.jdbc.core.JdbcTemplate;

/** What a person has the sync do; each act is written down with who and why. Threads share it. */
public final class Actions {
    private static final List<String> KNOWN = List.of("pause", "resume", "sync", "reload", "accept-deletes");

    private final JdbcTemplate clinic;
    private final TableInstallation installation;
    private final Pause pause;
    private final PassRequests requests;
    private final TablePasses passes;
    private final DeclaredTables declared;
    private final Audit audit;

    Actions(
            JdbcTemplate clinic,
            Pause pause,
            PassRequests requests,
            TablePasses passes,
            DeclaredTables declared,
            Audit audit) {
        this.clinic = clinic;
        this.installation = new TableInstallation(clinic.getDataSource());
        this.pause = pause;
        this.requests = requests;
        this.passes = passes;
        this.declared = declared;
        this.audit = audit;
    }

    /** Called by the route {@code actions}. */
    public String act(Exchange exchange) throws JsonProcessingException {
        var visitor = Visitor.of(exchange);
        var wish = Wish.of(exchange);
        var reason = wish.text("reason", Wish.LONGEST_REASON);
        return switch (wish.oneOf("action", KNOWN)) {
            case "pause" -> {
                pause.begin(visitor, reason);
                yield done(visitor, "pause", "", reason, "paused");
            }
            case "resume" -> {
                pause.end();
                passes.startAll();
                yield done(visitor, "resume", "", reason, "resumed");
            }
            case "reload" -> reload(visitor, table(wish), reason);
            case "accept-deletes" -> acceptDeletes(visitor, table(wish), reason);
            default -> done(visitor, "sync", "", reason, String.valueOf(requests.post(Set.of())));
        };
    }

    /** Called by the route {@code requests-outcome}: how a full pass ended; empty while it has not. */
    public String outcome(Exchange exchange) {
        return requests.outcome(Wish.id(exchange)).orElse("{}");
    }

    private String reload(Visitor visitor, SyncedTable table, String reason) throws JsonProcessingException {
        installation.reload(table.name());
        passes.start(table);
        return done(visitor, "reload", table.name(), reason, "begun");
    }

    private String acceptDeletes(Visitor visitor, SyncedTable table, String reason) throws JsonProcessingException {
        var guarded = clinic.queryForObject(
                "select exists (select from _sync_metadata where table_name = ? and guard is not null)",
                Boolean.class,
                table.name());
        if (!guarded) {
            throw new Problem(ProblemCode.CONSOLE_NOTHING_TO_ACCEPT, table.name());
        }
        return done(
                visitor, "accept-deletes", table.name(), reason, String.valueOf(requests.post(Set.of(table.name()))));
    }

    private String done(Visitor visitor, String action, String subject, String reason, String outcome)
            throws JsonProcessingException {
        audit.done(visitor, action, subject, reason, outcome);
        return Json.of(Map.of("outcome", outcome));
    }

    private SyncedTable table(Wish wish) {
        var name = wish.text("table", 100);
        return declared.tables().stream()
                .filter(table -> table.name().equals(name))
                .findFirst()
                .orElseThrow(() -> Wish.unfit("table"));
    }
}
