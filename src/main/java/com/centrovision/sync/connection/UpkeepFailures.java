package com.centrovision.sync.connection;

import com.centrovision.sync.clinic.ClinicFailures;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells why a route of the service's own work did nothing this time; outages are told by those who watch for them. */
public final class UpkeepFailures {
    private static final Logger LOG = LoggerFactory.getLogger(UpkeepFailures.class);

    private final Failures failures;

    public UpkeepFailures(Failures failures) {
        this.failures = failures;
    }

    public void putOff(Exchange exchange) {
        var failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        var route = exchange.getFromRouteId();
        var problem = failures.problem(failure, route);
        if (Failures.isOutage(failure) || ClinicFailures.isTold(problem)) {
            LOG.debug("upkeep put off by an outage route={}", route);
        } else {
            LOG.warn("upkeep put off route={} problem={}", route, problem.getMessage());
        }
    }
}
