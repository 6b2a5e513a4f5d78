package com.centrovision.sync.feed;

import com.centrovision.sync.cloud.CloudReason;
import com.centrovision.sync.cloud.CloudUnavailableException;
import com.centrovision.sync.tables.Turns;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.Exchange;

/**
 * One pass of the feed: answers behind the cursor until there is no more. Where the feed has not begun, or the cloud does
 * not know the cursor, it begins anew: the cloud forgets what is old, then tells where its list stands. One thread at a time.
 */
public final class FeedPass {
    private enum Step {
        TRIM,
        BEGIN,
        PULL,
        END
    }

    private final Instant startedAt = Instant.now();
    private final Map<String, Long> askings = new HashMap<>();
    private final Map<String, Long> applied = new TreeMap<>();
    private Step step;
    private boolean told;
    private boolean beginning;
    private boolean hasBegun;
    private List<String> tables;
    private String cursor;
    private String clock;
    private String now = "";
    private String newest = "";
    private boolean moreToCome;

    /** @param start the row of {@code sync_start_feed} */
    FeedPass(Map<String, Object> start) {
        cursor = start.get("cursor").toString();
        learn(start);
        step = cursor.isEmpty() ? Step.TRIM : next(true);
    }

    private void learn(Map<String, Object> row) {
        var names = row.get("tables").toString();
        tables = names.isEmpty() ? List.of() : List.of(names.split(","));
        clock = row.get("clock").toString();
    }

    private Step next(boolean more) {
        return more && !tables.isEmpty() ? Step.PULL : Step.END;
    }

    /** Whether the cloud is to be asked again. */
    public boolean isMore() {
        return step != Step.END;
    }

    /** The cloud's function to ask next. */
    public String getFunction() {
        return step == Step.TRIM ? "sync_trim" : "sync_pull";
    }

    public String getArguments() {
        return switch (step) {
            case TRIM -> FeedPasses.TRIM_ARGUMENTS;
            case BEGIN -> "{\"p_cursor\":\"\"}";
            case PULL, END ->
                "{\"p_cursor\":\"%s\",\"p_limit\":%d,\"p_bytes\":%d,\"p_tables\":[%s]}"
                        .formatted(cursor, FeedPasses.ANSWER_ROWS, FeedPasses.ANSWER_BYTES, names());
        };
    }

    private String names() {
        return tables.isEmpty() ? "" : "\"" + String.join("\",\"", tables) + "\"";
    }

    /** Whether the last answer told where the feed stands. */
    public boolean isTold() {
        return told;
    }

    /** Whether the feed begins with the last answer. */
    public boolean isBeginning() {
        return beginning;
    }

    public String getCursor() {
        return cursor;
    }

    /** The clinic database's time before the cloud was asked. */
    public String getClock() {
        return clock;
    }

    /** The cloud database's time before it looked. */
    public String getNow() {
        return now;
    }

    /** Transactions of the cloud from this one on began to write after {@link #getNow()}. */
    public String getNewest() {
        return newest;
    }

    /** Notes who asks for rows of the tables themselves, before the cloud is asked. */
    void asks(Turns turns) {
        askings.clear();
        tables.forEach(table -> askings.put(table, turns.askings(table)));
    }

    /** Takes the table's turn; whether nobody asked for rows of the table itself since. */
    boolean isAlone(String table, Turns turns, Exchange exchange) {
        var before = askings.getOrDefault(table, -1L);
        return before >= 0 && turns.isTaken(table, exchange) && turns.askings(table) == before;
    }

    void trimmed() {
        told = false;
        step = Step.BEGIN;
    }

    boolean trims() {
        return step == Step.TRIM;
    }

    void answered(FeedAnswer answer) throws CloudUnavailableException {
        if (!answer.isContinued() && hasBegun) {
            throw new CloudUnavailableException(CloudReason.DEGRADED, "the cloud's feed does not begin", null);
        }
        told = answer.isContinued();
        beginning = step == Step.BEGIN;
        hasBegun |= beginning;
        if (told) {
            cursor = answer.field("cursor");
            now = answer.field("now");
            newest = answer.field("newest");
            moreToCome = beginning || answer.isMore();
        } else {
            step = Step.TRIM;
        }
    }

    /** @param row the row of {@code sync_end_feed_page} */
    void pageEnds(Map<String, Object> row) {
        learn(row);
        step = next(moreToCome);
    }

    void applied(String table, long rows) {
        applied.merge(table, rows, Long::sum);
    }

    /** How many rows were applied of each table that had any. */
    Map<String, Long> rows() {
        return applied;
    }

    Instant startedAt() {
        return startedAt;
    }
}
