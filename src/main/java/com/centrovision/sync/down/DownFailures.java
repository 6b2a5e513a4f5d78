package com.centrovision.sync.down;

import com.centrovision.sync.clinic.ClinicFailures;
import com.centrovision.sync.connection.Failures;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/** Notes why a table's pass failed: in _sync_metadata and _sync_log, and in the log when it is news
 * that the connection has not told already. Threads share it. */
public final class DownFailures {
    private static final Logger LOG = LoggerFactory.getLogger(DownFailures.class);

    private final JdbcTemplate clinic;
    private final Failures failures;
    private final Map<String, String> last = new ConcurrentHashMap<>();

    public DownFailures(JdbcTemplate clinic, Failures failures) {
        this.clinic = clinic;
        this.failures = failures;
    }

    public void failed(@Variable("table") String table, Exchange exchange) {
        var pass = exchange.getVariable("pass", DownPass.class);
        if (pass != null && !pass.failsFirst()) {
            return;
        }
        var failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        var problem = failures.problem(failure, table);
        var text = problem.getMessage();
        if (Failures.isOutage(failure) || ClinicFailures.isTold(problem)) {
            LOG.debug("pass ended by an outage table={} direction=down", table);
        } else if (!text.equals(last.put(table, text))) {
            LOG.warn("pass failed table={} direction=down problem={}", table, text);
        }
        LOG.debug("pass failed table={} direction=down", table, problem);
        try {
            clinic.queryForObject("select sync_fail('DOWN', ?, ?)::text", String.class, table, text);
        } catch (DataAccessException unavailable) {
            LOG.debug("failure not noted table={}", table);
        }
    }

    public void healed(@Variable("table") String table) {
        if (last.remove(table) != null) {
            LOG.info("pass succeeds again table={} direction=down", table);
        }
    }
}
