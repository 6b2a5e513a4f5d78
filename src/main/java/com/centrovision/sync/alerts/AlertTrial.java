package com.centrovision.sync.alerts;

import com.centrovision.sync.config.Alerts;
import com.centrovision.sync.config.Severity;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelExecutionException;

/** Sends one message over each channel, by the routes that the service uses; needs no database and no service. */
public final class AlertTrial implements AutoCloseable {
    private final ChannelRoutes routes;
    private final AlertTexts texts;

    /** @param home the folder that holds {@code routes} */
    public AlertTrial(Alerts alerts, Path home) {
        this.routes = new ChannelRoutes(alerts, home);
        this.texts = new AlertTexts(alerts, Clock.systemUTC());
    }

    public void start() {
        routes.start();
    }

    /** Why it was not sent; empty where it was. */
    public Optional<String> send(Channel channel) {
        var now = Clock.systemUTC().instant();
        var alert = new Alert("test", "test", Severity.INFO, Optional.empty(), Map.of(), now, Optional.empty());
        try {
            new ChannelSender(routes::context)
                    .send(channel, texts.message("test-" + now.toEpochMilli(), "raised", alert));
            return Optional.empty();
        } catch (CamelExecutionException failure) {
            return Optional.of(ChannelFailure.word(failure));
        }
    }

    @Override
    public void close() {
        routes.close();
    }
}
