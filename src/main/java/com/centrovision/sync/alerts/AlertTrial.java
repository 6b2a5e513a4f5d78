package com.centrovision.sync.alerts;

import com.centrovision.sync.config.Alerts;
import com.centrovision.sync.config.Severity;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.main.Main;

/** Sends one message over each channel, by the routes that the service uses; needs no database and no service. */
public final class AlertTrial implements AutoCloseable {
    private final Main camel = new Main();
    private final AlertTexts texts;

    /** @param home the folder that holds {@code routes} */
    public AlertTrial(Alerts alerts, Path home) {
        this.texts = new AlertTexts(alerts, Clock.systemUTC());
        var channels = new AlertChannels(alerts);
        channels.bind(camel::bind);
        camel.setInitialProperties(channels.properties());
        camel.configure()
                .withBasePackageScanEnabled(false)
                .withJmxEnabled(false)
                .withAutoConfigurationLogSummary(false)
                .withRoutesIncludePattern("file:" + home.resolve("routes/alerts.camel.yaml"));
    }

    public void start() {
        try {
            camel.start();
        } catch (Exception unfit) {
            throw new Problem(ProblemCode.ROUTES_UNFIT, String.valueOf(unfit.getMessage())).causedBy(unfit);
        }
    }

    /** Why it was not sent; empty where it was. */
    public Optional<String> send(Channel channel) {
        var now = Clock.systemUTC().instant();
        var alert = new Alert("test", "test", Severity.INFO, Optional.empty(), Map.of(), now, Optional.empty());
        try {
            new ChannelSender(camel::getCamelContext)
                    .send(channel, texts.message("test-" + now.toEpochMilli(), "raised", alert));
            return Optional.empty();
        } catch (CamelExecutionException failure) {
            return Optional.of(ChannelFailure.word(failure));
        }
    }

    @Override
    public void close() {
        camel.stop();
    }
}
