package com.centrovision.sync.alerts;

import com.centrovision.sync.config.Alerts;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import java.nio.file.Path;
import org.apache.camel.CamelContext;
import org.apache.camel.main.Main;

/** The routes of the channels alone, as the service uses them: for what is told without a database and without a service. */
final class ChannelRoutes implements AutoCloseable {
    private final Main camel = new Main();

    /** @param home the folder that holds {@code routes} */
    ChannelRoutes(Alerts alerts, Path home) {
        var channels = new AlertChannels(alerts);
        channels.bind(camel::bind);
        camel.setInitialProperties(channels.properties());
        camel.configure()
                .withBasePackageScanEnabled(false)
                .withJmxEnabled(false)
                .withAutoConfigurationLogSummary(false)
                .withShutdownTimeout(1) // a channel that hangs holds up nobody's start
                .withRoutesIncludePattern("file:" + home.resolve("routes/alerts.camel.yaml"));
    }

    void start() {
        try {
            camel.start();
        } catch (Exception unfit) {
            throw new Problem(ProblemCode.ROUTES_UNFIT, String.valueOf(unfit.getMessage())).causedBy(unfit);
        }
    }

    CamelContext context() {
        return camel.getCamelContext();
    }

    @Override
    public void close() {
        camel.stop();
    }
}
