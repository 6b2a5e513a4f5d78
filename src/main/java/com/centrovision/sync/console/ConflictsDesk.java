package com.centrovision.sync.console;

import com.centrovision.sync.conflicts.KeptConflicts;
import com.centrovision.sync.conflicts.Settlements;
import com.centrovision.sync.conflicts.Settlements.Keep;
import com.centrovision.sync.problem.Json;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.Exchange;

/** Kept conflicts, as a person reviews and decides them on the page. Threads share it. */
public final class ConflictsDesk {
    private static final int DECIDED = 50;

    private final KeptConflicts kept;
    private final Settlements settlements;
    private final Audit audit;

    ConflictsDesk(KeptConflicts kept, Settlements settlements, Audit audit) {
        this.kept = kept;
        this.settlements = settlements;
        this.audit = audit;
    }

    /** Called by the route {@code conflicts-list}: without a cell value. */
    public String list() throws JsonProcessingException {
        return Json.of(kept.newest(DECIDED));
    }

    /** Called by the route {@code conflicts-show}: with the versions of the row, which is written down. */
    public String show(Exchange exchange) throws JsonProcessingException {
        var id = Wish.id(exchange);
        var visitor = Visitor.of(exchange);
        var versions = kept.versions(id).orElseThrow(() -> new Problem(ProblemCode.CONFLICT_UNKNOWN, id));
        var conflict = versions.conflict();
        audit.viewed(visitor, "view-conflict", String.valueOf(id), conflict.tableName(), conflict.recordId());
        return Json.of(versions);
    }

    /** Called by the route {@code conflicts-resolve}. */
    public String resolve(Exchange exchange) throws JsonProcessingException {
        var id = Wish.id(exchange);
        var visitor = Visitor.of(exchange);
        var wish = Wish.of(exchange);
        var keep = wish.oneOf("keep", List.of("local", "remote"));
        var reason = wish.text("reason", Wish.LONGEST_REASON);
        var settlement = settlements.settle(id, Keep.valueOf(keep.toUpperCase(Locale.ROOT)), visitor.person());
        var verdict = settlement.verdict().name().toLowerCase(Locale.ROOT);
        audit.done(visitor, "keep-" + keep, String.valueOf(id), reason, verdict);
        settlement.requireDone(id);
        return Json.of(Map.of("verdict", verdict));
    }
}
