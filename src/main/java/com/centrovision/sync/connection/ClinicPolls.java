package com.centrovision.sync.connection;

import com.centrovision.sync.clinic.ClinicFailures;
import com.centrovision.sync.config.LogText;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.spi.ExceptionHandler;
import org.apache.camel.spi.PollingConsumerPollStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets the consumers that poll the clinic's database rest while it is not ours to write; nothing is told twice. */
public final class ClinicPolls implements PollingConsumerPollStrategy, ExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ClinicPolls.class);

    private final ClinicState clinic;

    public ClinicPolls(ClinicState clinic) {
        this.clinic = clinic;
    }

    @Override
    public boolean begin(Consumer consumer, Endpoint endpoint) {
        return clinic.mayWrite();
    }

    @Override
    public void commit(Consumer consumer, Endpoint endpoint, int polledMessages) {}

    @Override
    public boolean rollback(Consumer consumer, Endpoint endpoint, int retryCounter, Exception failure) {
        return false;
    }

    @Override
    public void handleException(Throwable failure) {
        handleException("", failure);
    }

    @Override
    public void handleException(String message, Exchange exchange, Throwable failure) {
        handleException(message, failure);
    }

    /** An outage is the heartbeat's to tell. */
    @Override
    public void handleException(String message, Throwable failure) {
        var problem = ClinicFailures.sql(failure).map(clinic::met);
        if (problem.filter(ClinicFailures::isTold).isPresent()) {
            LOG.debug("poll failed problem={}", problem.get().getMessage());
        } else {
            LOG.warn("poll failed problem={}", LogText.of(failure));
        }
    }
}
