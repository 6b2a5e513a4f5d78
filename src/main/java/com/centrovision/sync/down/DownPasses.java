package com.centrovision.sync.down;

import com.centrovision.sync.cloud.CloudAnswer;
import com.centrovision.sync.cloud.CloudClock;
import com.centrovision.sync.cloud.CloudFunctions;
import com.centrovision.sync.cloud.PageSize;
import com.centrovision.sync.cloud.RowChunk;
import com.centrovision.sync.cloud.RowChunks;
import com.centrovision.sync.config.Config;
import com.centrovision.sync.connection.Connection;
import com.centrovision.sync.tables.Turns;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.Variable;
import org.apache.camel.support.SynchronizationAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the down routes ask while a pass goes on. Threads share it; each has a pass of its own. */
public final class DownPasses {
    private static final Logger LOG = LoggerFactory.getLogger(DownPasses.class);
    private static final Pattern TOTAL = Pattern.compile("\\d{1,18}");

    /** Rows that a pass read again in the overlap; from so many on, the next one reads their versions first. */
    private static final long MANY_UNCHANGED = 200;

    private final Config.Sync settings;
    private final CloudClock clock;
    private final Connection connection;
    private final PassListener listener;
    private final PageSize pages;
    private final Map<String, Long> unchangedBefore = new ConcurrentHashMap<>();
    private final Map<String, RunningPass> running = new ConcurrentHashMap<>();
    private final CloudFunctions functions;
    private final Turns turns;

    /** @param turns of the tables, which the feed takes too */
    public DownPasses(
            Config.Sync settings,
            CloudClock clock,
            Connection connection,
            CloudFunctions functions,
            Turns turns,
            PassListener listener) {
        this.settings = settings;
        this.clock = clock;
        this.connection = connection;
        this.functions = functions;
        this.turns = turns;
        this.listener = listener;
        this.pages = new PageSize(settings.pageRows());
    }

    /** Takes the table's turn until the exchange ends; without it (variable {@code turn}) no pass may start now. */
    public void takeTurn(@Variable("table") String table, Exchange exchange) {
        if (connection.isOpen() && knowsFunctions()) {
            turns.take(table, exchange);
            exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
                @Override
                public void onDone(Exchange done) {
                    if (Turns.has(done)) {
                        running.remove(table);
                    }
                }
            });
        } else {
            exchange.setVariable(Turns.VARIABLE, false);
        }
    }

    private boolean knowsFunctions() {
        try {
            functions.refreshIfUnknown();
            return true;
        } catch (IOException silent) {
            return false;
        }
    }

    /** Whether the cloud's feed tells the table's changes. */
    public boolean isFed(@Variable("table") String table) {
        return functions.feeds(table);
    }

    /** The cloud's time, where a first load begins. */
    public String cloudNow() {
        return clock.now().toString();
    }

    public DownPass begin(@Variable("table") String table, @Body Map<String, Object> start) {
        var keysFirst = unchangedBefore.getOrDefault(table, 0L) >= MANY_UNCHANGED;
        var pass = new DownPass(
                table,
                start,
                keysFirst,
                settings.downConnections() + DownLanes.APPLIED,
                pages,
                settings.overlap(),
                clock.now(),
                Instant.now());
        running.put(table, pass.state());
        return pass;
    }

    /** From here on the table's rows are asked for. */
    public void asks(@Variable("stream") DownStream stream) {
        turns.asks(stream.pass().table());
        stream.asks();
    }

    /** The passes that are under way. */
    public Collection<RunningPass> running() {
        return List.copyOf(running.values());
    }

    /** The page that was answered, whole where it is not too large for one statement. */
    public List<RowChunk> chunks(
            @Variable("stream") DownStream stream,
            @Body CloudAnswer page,
            @Header("Date") String date,
            @Header("Content-Range") String range)
            throws IOException {
        var chunks = RowChunks.of(page, Integer.MAX_VALUE);
        stream.answered(chunks, clock.told(date).orElseGet(clock::now), total(range));
        return chunks.chunks();
    }

    private static OptionalLong total(String range) {
        var count = range == null ? "" : range.substring(range.indexOf('/') + 1);
        return TOTAL.matcher(count).matches() ? OptionalLong.of(Long.parseLong(count)) : OptionalLong.empty();
    }

    public void applied(@Variable("stream") DownStream stream, @Body Map<String, Object> outcome) {
        stream.applied(outcome);
        var quarantined = ((Number) outcome.get("quarantined")).intValue();
        if (quarantined > 0) {
            LOG.warn(
                    "rows quarantined table={} direction=down rows={}",
                    stream.pass().table(),
                    quarantined);
        }
    }

    /** While the stream waits for its next page, it need not hold this one. */
    public void pageEnds(@Variable("stream") DownStream stream, @Body CloudAnswer page, Exchange exchange) {
        page.close();
        exchange.getMessage().setBody(null);
        stream.pageEnds();
        tell(stream.pass());
    }

    public void streamsEnd(@Variable("pass") DownPass pass) {
        pass.streamsEnd();
        tell(pass);
    }

    private void tell(DownPass pass) {
        running.put(pass.table(), pass.state());
        if (pass.loads() || pass.applied() > 0) {
            listener.progress(pass.table(), pass.rows(), pass.total(), pass.isComplete(), pass.startedAt());
        }
    }

    public void ends(@Variable("pass") DownPass pass) {
        unchangedBefore.put(pass.table(), pass.unchanged() + pass.applied());
        if (pass.applied() > 0) {
            LOG.info(
                    "rows applied table={} direction=down rows={} ms={}",
                    pass.table(),
                    pass.applied(),
                    Duration.between(pass.startedAt(), Instant.now()).toMillis());
        }
    }
}
