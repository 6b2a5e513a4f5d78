package com.centrovision.sync.alerts;

import com.centrovision.sync.cloud.CloudClock;
import com.centrovision.sync.config.Config;
import com.centrovision.sync.connection.Connection;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.function.BooleanSupplier;
import org.apache.camel.main.Main;
import org.springframework.jdbc.core.JdbcTemplate;

/** Builds what watches the sync and tells people about it. */
public final class Alerting implements AutoCloseable {
    private static final Duration LOOK = Duration.ofSeconds(10);
    private static final Duration QUEUE = Duration.ofSeconds(2);

    private final Config config;
    private final Path home;
    private final Connection connection;
    private final BooleanSupplier clinicWorks;
    private final CloudClock cloudClock;
    private final AlertChannels channels;
    private ClinicOutage outage;

    /** @param home the folder that holds {@code routes} */
    public Alerting(
            Config config, Path home, Connection connection, BooleanSupplier clinicWorks, CloudClock cloudClock) {
        this.config = config;
        this.home = home;
        this.connection = connection;
        this.clinicWorks = clinicWorks;
        this.cloudClock = cloudClock;
        this.channels = new AlertChannels(config.alerts());
    }

    /** Gives the routes their beans. */
    public void bind(Main camel, JdbcTemplate clinic) {
        var alerts = config.alerts();
        var clock = Clock.systemUTC();
        var texts = new AlertTexts(alerts, clock);
        var disk = new FreeDisk(folders(), clinic, config.localPostgres().host());
        outage = new ClinicOutage(
                clinicWorks, Channel.of(alerts), texts, new ChannelSender(camel::getCamelContext), clock);
        channels.bind(camel::bind);
        camel.bind("alertFacts", new AlertFacts(config, connection, cloudClock, disk, clock));
        camel.bind("alertLog", new AlertLog());
        camel.bind("alertTexts", texts);
        camel.bind("deliveryFailures", new DeliveryFailures(clinic));
        camel.bind("clinicOutage", outage);
        alerts.ping()
                .ifPresent(address -> camel.bind(
                        "signal", new DeadMansSignal(address, channels.client(), connection, clock.instant())));
    }

    /** What the service writes to. */
    private List<Path> folders() {
        var folders = new ArrayList<Path>();
        folders.add(home);
        folders.add(home.resolve(config.logging().file()).toAbsolutePath().getParent());
        if (config.storage().enabled()) {
            folders.add(home.resolve(config.storage().directory()));
        }
        return folders;
    }

    /** What the routes read; {@code runs} is false where nothing is to start by itself. */
    public Properties properties(boolean runs) {
        var properties = channels.properties();
        properties.setProperty("alerts.watch", String.valueOf(runs));
        properties.setProperty(
                "alerts.signal", String.valueOf(runs && config.alerts().ping().isPresent()));
        properties.setProperty("alerts.look_millis", String.valueOf(LOOK.toMillis()));
        properties.setProperty("alerts.queue_millis", String.valueOf(QUEUE.toMillis()));
        properties.setProperty(
                "alerts.signal_millis", String.valueOf(config.sync().interval().toMillis()));
        return properties;
    }

    @Override
    public void close() {
        if (outage != null) {
            outage.close();
        }
    }
}
