package com.centrovision.sync.console;

import com.centrovision.sync.conflicts.ConflictVersions.Column;
import com.centrovision.sync.conflicts.KeptConflicts;
import com.centrovision.sync.conflicts.Settlements;
import com.centrovision.sync.conflicts.Settlements.Decision;
import com.centrovision.sync.problem.Json;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;

/** Kept conflicts, as a person reviews and decides them on the page. Threads share it. */
public final class ConflictsDesk {
    private static final int DECIDED = 50;
    private static final String MERGED = "merged";

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
        var keep = wish.oneOf("keep", List.of("local", "remote", MERGED));
        var reason = wish.text("reason", Wish.LONGEST_REASON);
        var version = Optional.of(wish.text("version", 100));
        var columns = keep.equals(MERGED) ? clinicColumns(id, wish) : List.<String>of();
        var settlement = settlements.settle(id, new Decision(keep, columns, version), visitor.person());
        var verdict = settlement.verdict().name().toLowerCase(Locale.ROOT);
        audit.done(visitor, "keep-" + keep, String.valueOf(id), reason, verdict);
        settlement.requireDone(id);
        return Json.of(Map.of("verdict", verdict));
    }

    /** Every column that differs is chosen, and no other: nothing is guessed. */
    private List<String> clinicColumns(long id, Wish wish) {
        var versions = kept.versions(id).orElseThrow(() -> new Problem(ProblemCode.CONFLICT_UNKNOWN, id));
        var chosen = wish.choices("columns", List.of("local", "remote"));
        var differing = versions.columns().stream().map(Column::name).collect(Collectors.toSet());
        if (!versions.canBeMerged() || !chosen.keySet().equals(differing)) {
            throw Wish.unfit("columns");
        }
        return chosen.entrySet().stream()
                .filter(choice -> choice.getValue().equals("local"))
                .map(Map.Entry::getKey)
                .toList();
    }
}
