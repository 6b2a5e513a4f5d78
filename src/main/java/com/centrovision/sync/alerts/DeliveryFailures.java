package com.centrovision.sync.alerts;

import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/** Puts off a message that could not be sent, and says so once for each reason. Threads share it. */
public final class DeliveryFailures {
    private static final Logger LOG = LoggerFactory.getLogger(DeliveryFailures.class);

    private final JdbcTemplate clinic;

    DeliveryFailures(JdbcTemplate clinic) {
        this.clinic = clinic;
    }

    public void failed(Exchange exchange) {
        var delivery = exchange.getVariable("delivery", String.class);
        if (delivery == null) {
            return;
        }
        var failure = ChannelFailure.word(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class));
        try {
            var isNews = clinic.queryForObject(
                    "select sync_delivery_failed(?::bigint, ?, clock_timestamp())", Boolean.class, delivery, failure);
            if (Boolean.TRUE.equals(isNews)) {
                LOG.warn(
                        "alert not sent, tried again later channel={} reason={}",
                        exchange.getVariable("channel"),
                        failure);
            }
        } catch (DataAccessException unavailable) {
            LOG.debug("failure not noted delivery={}", delivery);
        }
    }
}
