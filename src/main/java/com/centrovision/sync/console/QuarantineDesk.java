package com.centrovision.sync.console;

import com.centrovision.sync.problem.Json;
import com.centrovision.sync.quarantine.GivingUp;
import com.centrovision.sync.quarantine.GivingUp.Decision;
import com.centrovision.sync.quarantine.QuarantinedRows;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Header;

/** Rows that one side refuses now, as a person looks at them on the page. Threads share it. */
public final class QuarantineDesk {
    private static final int SHOWN = 200;

    private final QuarantinedRows rows;
    private final GivingUp givingUp;
    private final Consumer<String> pass;
    private final Audit audit;

    /** @param conflict keeps the clinic's version; null for a row of the cloud */
    private record Done(String verdict, Long conflict) {}

    /** @param pass starts a pass of a table */
    QuarantineDesk(QuarantinedRows rows, GivingUp givingUp, Consumer<String> pass, Audit audit) {
        this.rows = rows;
        this.givingUp = givingUp;
        this.pass = pass;
        this.audit = audit;
    }

    /** Called by the route {@code quarantine-list}: without a cell value. */
    public String list(@Header("Accept-Language") String asked) throws JsonProcessingException {
        var language = Answers.language(asked);
        return Json.of(
                rows.list(true, SHOWN).stream().map(row -> row.in(language)).toList());
    }

    /** Called by the route {@code quarantine-show}: with the row as it was refused, which is written down. */
    public String show(Exchange exchange) throws JsonProcessingException {
        var id = Wish.id(exchange);
        var visitor = Visitor.of(exchange);
        var content = rows.content(id);
        audit.viewed(visitor, "view-quarantine", String.valueOf(id), content.tableName(), content.recordId());
        return Json.of(content.columns());
    }

    /** Called by the route {@code quarantine-retry}. */
    public String tryAgain(Exchange exchange) throws JsonProcessingException {
        var id = Wish.id(exchange);
        var visitor = Visitor.of(exchange);
        var reason = Wish.of(exchange).text("reason", Wish.LONGEST_REASON);
        var table = rows.tryAgain(id);
        audit.done(visitor, "try-again", String.valueOf(id), reason, "due");
        pass.accept(table);
        return Json.of(Map.of("verdict", "due"));
    }

    /** Called by the route {@code quarantine-give-up}. What it comes to is written down by the decision itself. */
    public String giveUp(Exchange exchange) throws JsonProcessingException {
        var id = Wish.id(exchange);
        var visitor = Visitor.of(exchange);
        var wish = Wish.of(exchange);
        var reason = wish.text("reason", Wish.LONGEST_REASON);
        var version = wish.text("version", 100);
        var givenUp = givingUp.giveUp(
                id, new Decision(visitor.person(), Optional.of(visitor.address()), reason, Optional.of(version)));
        audit.told(visitor, "give-up", String.valueOf(id), "given-up");
        pass.accept(givenUp.table());
        return Json.of(new Done("given-up", givenUp.conflict().orElse(null)));
    }
}
