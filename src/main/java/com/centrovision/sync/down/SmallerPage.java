package com.centrovision.sync.down;

import com.centrovision.sync.cloud.AnswerTooLargeException;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Variable;
import org.apache.camel.component.http.HttpConstants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Before a page that was too large, or broke off on the way, is asked for again: asks for fewer rows. */
public final class SmallerPage implements Processor {
    private static final Logger LOG = LoggerFactory.getLogger(SmallerPage.class);

    /** Whether the page may be asked for in fewer rows: one row is as it is, and keys are small. */
    public boolean isPossible(@Variable("stream") DownStream stream) {
        return stream != null && stream.asksForSeveral();
    }

    @Override
    public void process(Exchange exchange) {
        var stream = exchange.getVariable("stream", DownStream.class);
        if (stream == null) {
            return; // a page of keys, which are small
        }
        var failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        if (failure instanceof AnswerTooLargeException) {
            stream.pageWasTooLarge();
            LOG.info("page too large table={}", stream.pass().table());
        } else {
            stream.pageBrokeOff();
            LOG.debug("page broke off table={}", stream.pass().table());
        }
        exchange.getMessage().setHeader(HttpConstants.HTTP_QUERY, stream.getQuery());
    }
}
