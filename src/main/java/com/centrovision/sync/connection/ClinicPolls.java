package com.centrovision.sync.connection;

import com.centrovision.sync.clinic.ClinicFailures;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.PollingConsumerPollStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets the consumers that poll the clinic's database rest while it is not ours to write; nothing is told twice. */
public final class ClinicPolls implements PollingConsumerPollStrategy {
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

    /** An outage is the heartbeat's to tell. */
    @Override
    public boolean rollback(Consumer consumer, Endpoint endpoint, int retryCounter, Exception failure) {
        var problem = ClinicFailures.sql(failure).map(clinic::met);
        if (problem.filter(met -> !ClinicFailures.isTold(met)).isPresent()) {
            LOG.warn("poll failed problem={}", problem.get().getMessage());
        } else {
            LOG.debug("poll failed problem={}", failure.getClass().getSimpleName());
        }
        return false;
    }
}
