package com.centrovision.sync.alerts;

import java.util.function.Supplier;
import org.apache.camel.CamelContext;

/** Hands a message to a channel's route from outside of routes, and throws what the route fails with. Threads share it. */
final class ChannelSender {
    private final Supplier<CamelContext> camel;

    ChannelSender(Supplier<CamelContext> camel) {
        this.camel = camel;
    }

    void send(Channel channel, AlertMessage message) {
        var template = camel.get().createProducerTemplate();
        try {
            template.sendBody(channel.endpoint(), message);
        } finally {
            template.stop();
        }
    }
}
