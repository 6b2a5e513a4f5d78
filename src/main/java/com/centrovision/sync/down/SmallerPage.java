package com.centrovision.sync.down;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.http.HttpConstants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Before a page that was too large is asked for again: asks for half as many rows. */
public final class SmallerPage implements Processor {
    private static final Logger LOG = LoggerFactory.getLogger(SmallerPage.class);

    @Override
    public void process(Exchange exchange) {
        var pass = exchange.getVariable("pass", DownPass.class);
        pass.pageWasTooLarge();
        exchange.getMessage().setHeader(HttpConstants.HTTP_QUERY, pass.getQuery());
        LOG.info("page too large table={}", pass.table());
    }
}
