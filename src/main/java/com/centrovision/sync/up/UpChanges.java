package com.centrovision.sync.up;

import com.centrovision.sync.clinic.ClinicFailures;
import com.centrovision.sync.cloud.CloudClock;
import com.centrovision.sync.config.Config;
import com.centrovision.sync.connection.Connection;
import com.centrovision.sync.connection.Failures;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the up routes and their statements ask: how much to take now, and how a refusal is noted. Threads share it. */
public final class UpChanges {
    private static final Logger LOG = LoggerFactory.getLogger(UpChanges.class);
    private static final int CHUNKS_AT_ONCE = 10;
    private static final int SLOW_SHARE = 10;
    private final Config.Sync settings;
    private final CloudClock clock;
    private final Connection connection;
    private final Failures failures;
    private final UpPause pause;
    private final UpWidth width;
    private final UpBulk bulk = new UpBulk(System::nanoTime);

    public UpChanges(
            Config.Sync settings,
            CloudClock clock,
            Connection connection,
            Failures failures,
            UpPause pause,
            UpWidth width) {
        this.settings = settings;
        this.clock = clock;
        this.connection = connection;
        this.failures = failures;
        this.pause = pause;
        this.width = width;
    }

    /**
     * Pending changes to take now, more of them in bulk; none while the cloud cannot be worked with. The more requests go
     * at once, the more are taken, so that it pays to take them and none waits for long.
     */
    public int rows() {
        if (!connection.isOpen() || pause.holds()) {
            return 0;
        }
        return chunkRows() * Math.max(CHUNKS_AT_ONCE, width.width() * 2 / 3);
    }

    /** As many changes as are taken at once where each needs a request. */
    public static int rowsAtOnce(Config.Sync settings) {
        return settings.batchSize() * CHUNKS_AT_ONCE;
    }

    /** Fewer on a slow line, so that each request gets through. */
    public int chunkRows() {
        return connection.isSlow() ? Math.max(1, settings.batchSize() / SLOW_SHARE) : settings.batchSize();
    }

    /** How many times as many go in one request where rows need none of their own. */
    public int bulk() {
        return connection.isSlow() ? 1 : bulk.times();
    }

    /**
     * Chunks that follow each other and may be sent at once: of one table and operation, where no row of one may need a row
     * of another.
     */
    public List<List<Map<String, Object>>> steps(@Body List<Map<String, Object>> chunks) {
        bulk.begins(chunks.size());
        var steps = new ArrayList<List<Map<String, Object>>>();
        var before = "";
        for (var chunk : chunks) {
            var kind = chunk.get("table_name") + " " + chunk.get("operation");
            if (!kind.equals(before) || !Boolean.TRUE.equals(chunk.get("apart"))) {
                steps.add(new ArrayList<>());
            }
            steps.get(steps.size() - 1).add(chunk);
            before = kind;
        }
        return steps;
    }

    public int attempts() {
        return settings.retryMaxAttempts();
    }

    /** The wait before the second try, in seconds. */
    public double delaySeconds() {
        return settings.retryDelay().toMillis() / 1000.0;
    }

    public String cloudNow() {
        return clock.now().toString();
    }

    /** How far the cloud's clock is ahead, in milliseconds. */
    public long skewMillis() {
        return clock.skew().toMillis();
    }

    /** Leaves the code of the refusal for the statement that notes it; a whole request's tells no rule and no column. */
    public void refusal(Exchange exchange) {
        exchange.setVariable("code", Failures.code(caught(exchange)));
        exchange.setVariable("rule", "");
        exchange.setVariable("column", "");
    }

    public void refused(
            @Variable("table") String table,
            @Variable("ids") String rows,
            @Variable("code") String code,
            @Body String verdict) {
        if (verdict.equals("split")) {
            LOG.debug("chunk refused table={} rows={} code={}", table, rows.split(",").length, code);
        } else {
            LOG.warn("change refused table={} row={} code={} verdict={}", table, rows, code, verdict);
        }
    }

    /** The connection has told the log already why the cloud is not asked. */
    public void notAsked(@Variable("table") String table) {
        LOG.debug("changes not sent table={} problem=not-asked", table);
    }

    public void failed(@Variable("table") String table, Exchange exchange) {
        var problem = failures.problem(caught(exchange), table);
        if (!Failures.isOutage(caught(exchange)) && !ClinicFailures.isTold(problem)) {
            LOG.warn("changes not sent table={} problem={}", table, problem.getMessage());
        }
        LOG.debug("changes not sent table={}", table, problem);
    }

    private static Throwable caught(Exchange exchange) {
        return exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    }
}
