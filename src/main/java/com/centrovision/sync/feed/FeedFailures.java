package com.centrovision.sync.feed;

import com.centrovision.sync.clinic.ClinicFailures;
import com.centrovision.sync.cloud.CloudFunctions;
import com.centrovision.sync.connection.Failures;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Notes why the feed failed: for every table that it covers, and in the log when it is news that the connection has not
 * told already. Threads share it.
 */
public final class FeedFailures {
    private static final Logger LOG = LoggerFactory.getLogger(FeedFailures.class);
    private static final String FUNCTION = "rpc/sync_pull";

    private final JdbcTemplate clinic;
    private final Failures failures;
    private final CloudFunctions functions;
    private final AtomicReference<String> last = new AtomicReference<>();

    public FeedFailures(JdbcTemplate clinic, Failures failures, CloudFunctions functions) {
        this.clinic = clinic;
        this.failures = failures;
        this.functions = functions;
    }

    /** The cloud has no such function any more, or it fails: the tables' own routes do the work again. */
    public void refused(Exchange exchange) {
        LOG.warn("feed refused problem={}", problem(exchange).getMessage());
        functions.areGone();
    }

    public void failed(Exchange exchange) {
        var problem = problem(exchange);
        var text = problem.getMessage();
        if (Failures.isOutage(failure(exchange)) || ClinicFailures.isTold(problem)) {
            LOG.debug("feed ended by an outage");
        } else if (!text.equals(last.getAndSet(text))) {
            LOG.warn("feed failed problem={}", text);
        }
        LOG.debug("feed failed", problem);
        note("select sync_fail_feed(?)::text", text);
    }

    /** Rows of one table could not be written; they are marked, and its own route tries again. */
    void failed(String table, String state) {
        var text = new Problem(ProblemCode.CLINIC_STATEMENT_FAILED, state).getMessage();
        LOG.warn("rows put off table={} direction=down problem={}", table, text);
        note("select sync_fail('DOWN', ?, ?)::text", table, text);
    }

    public void healed() {
        if (last.getAndSet(null) != null) {
            LOG.info("feed succeeds again");
        }
    }

    private Problem problem(Exchange exchange) {
        return failures.problem(failure(exchange), FUNCTION);
    }

    private static Throwable failure(Exchange exchange) {
        return exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    }

    private void note(String statement, Object... values) {
        try {
            clinic.queryForObject(statement, String.class, values);
        } catch (DataAccessException unavailable) {
            LOG.debug("failure not noted");
        }
    }
}
