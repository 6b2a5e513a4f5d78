package com.centrovision.sync.feed;

import com.centrovision.sync.cloud.CloudFunctions;
import com.centrovision.sync.config.Config;
import com.centrovision.sync.connection.Connection;
import com.centrovision.sync.down.PassListener;
import com.centrovision.sync.tables.Turns;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the routes of {@code feed.camel.yaml} ask. Threads share it; each pass has a state of its own. */
public final class FeedPasses {
    static final int ANSWER_ROWS = 1000;
    static final int ANSWER_BYTES = 4 << 20;
    static final String TRIM_ARGUMENTS = "{\"p_days\":30,\"p_rows\":50000}";

    private static final Logger LOG = LoggerFactory.getLogger(FeedPasses.class);
    private static final int TRIMMED_ROWS = 50_000;
    private static final String FEED = "feed";

    private final Config.Sync settings;
    private final Connection connection;
    private final CloudFunctions functions;
    private final FeedFailures failures;
    private final Turns tableTurns;
    private final PassListener listener;
    private final Turns turns = new Turns();

    /** @param tableTurns of the tables, which their own routes take too */
    public FeedPasses(
            Config.Sync settings,
            Connection connection,
            CloudFunctions functions,
            FeedFailures failures,
            Turns tableTurns,
            PassListener listener) {
        this.settings = settings;
        this.connection = connection;
        this.functions = functions;
        this.failures = failures;
        this.tableTurns = tableTurns;
        this.listener = listener;
    }

    /** Takes the feed's turn until the exchange ends; without it (variable {@code turn}) no pass may start now. */
    public void takeTurn(Exchange exchange) {
        if (isUsed()) {
            turns.take(FEED, exchange);
        } else {
            exchange.setVariable(Turns.VARIABLE, false);
        }
    }

    /** Whether the cloud can be asked for its feed now. */
    public boolean isUsed() {
        try {
            if (connection.isOpen()) {
                functions.refreshIfUnknown();
            }
            return connection.isOpen() && functions.areUsed();
        } catch (IOException silent) {
            return false;
        }
    }

    /** The tables whose changes the cloud's feed tells. */
    public String fedTables() {
        return String.join(",", functions.fed());
    }

    public long overlapSeconds() {
        return settings.overlap().toSeconds();
    }

    public FeedPass begin(@Body Map<String, Object> start) {
        return new FeedPass(start);
    }

    public void asks(@Variable("feed") FeedPass feed) {
        feed.asks(tableTurns);
    }

    /** What the answer tells, a table or a chunk of its rows at a time. */
    public List<FeedPart> parts(@Variable("feed") FeedPass feed, @Body String answer) throws IOException {
        if (feed.trims()) {
            feed.trimmed();
            return List.of();
        }
        var told = FeedAnswer.of(answer, settings.batchSize());
        if (!told.isContinued()) {
            LOG.warn("feed begins anew reason={} tables=compared", told.field("status"));
        }
        feed.answered(told);
        return told.parts();
    }

    /** Takes the table's turn; whether no page of its own route was on its way since the cloud was asked. */
    public boolean isAlone(@Variable("feed") FeedPass feed, @Variable("table") String table, Exchange exchange) {
        return feed.isAlone(table, tableTurns, exchange);
    }

    /** Takes the table's turn; whether it was free. */
    public boolean hasTable(@Variable("table") String table, Exchange exchange) {
        return tableTurns.isTaken(table, exchange);
    }

    /** @param outcome the row of {@code sync_apply_feed} */
    public void applied(
            @Variable("feed") FeedPass feed, @Variable("table") String table, @Body Map<String, Object> outcome) {
        long rows = ((Number) outcome.get("applied")).longValue();
        if (rows > 0) {
            feed.applied(table, rows);
        }
        var quarantined = ((Number) outcome.get("quarantined")).intValue();
        if (quarantined > 0) {
            LOG.warn("rows quarantined table={} direction=down rows={}", table, quarantined);
        }
        if (outcome.get("state") != null) {
            failures.failed(table, outcome.get("state").toString());
        }
    }

    public void pageEnds(@Variable("feed") FeedPass feed, @Body Map<String, Object> row) {
        feed.pageEnds(row);
    }

    public void ends(@Variable("feed") FeedPass feed) {
        feed.rows().forEach((table, rows) -> {
            LOG.info(
                    "rows applied table={} direction=down rows={} ms={}",
                    table,
                    rows,
                    Duration.between(feed.startedAt(), Instant.now()).toMillis());
            listener.progress(table, rows, OptionalLong.empty(), true, feed.startedAt());
        });
    }

    public String trimArguments() {
        return TRIM_ARGUMENTS;
    }

    /** Whether the cloud forgot as much at once as it was asked to, so that there may be more. */
    public boolean isTrimmedInPart(@Body String rows) {
        return Long.parseLong(rows.strip()) >= TRIMMED_ROWS;
    }

    /** Called by the route {@code feed-functions}; what a silent cloud has stays as it was known. */
    public void lookForFunctions() {
        try {
            if (connection.isOpen()) {
                functions.refresh();
            }
        } catch (IOException silent) {
            // The connection has heard of it.
        }
    }
}
