package com.centrovision.sync.alerts;

import com.centrovision.sync.cloud.CloudClock;
import com.centrovision.sync.config.Config;
import com.centrovision.sync.connection.Connection;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.function.BooleanSupplier;
import org.apache.camel.CamelContext;
import org.apache.camel.main.Main;
import org.springframework.jdbc.core.JdbcTemplate;

/** Builds what watches the sync and tells people about it. */
public final class Alerting implements AutoCloseable {
    private static final Duration LOOK = Duration.ofSeconds(10);
    private static final Duration QUEUE = Duration.ofSeconds(2);

    private final Config config;
    private final Path home;
    private final Connection connection;
    private final CloudClock cloudClock;
    private final Clock clock;
    private final AlertChannels channels;
    private final AlertTexts texts;
    private final ClinicOutage outage;
    private Optional<ChannelRoutes> early = Optional.empty();
    private Optional<Main> service = Optional.empty();

    /** @param home the folder that holds {@code routes} */
    public Alerting(
            Config config, Path home, Connection connection, BooleanSupplier clinicWorks, CloudClock cloudClock) {
        this(config, home, connection, clinicWorks, cloudClock, Clock.systemUTC());
    }

    Alerting(
            Config config,
            Path home,
            Connection connection,
            BooleanSupplier clinicWorks,
            CloudClock cloudClock,
            Clock clock) {
        this.config = config;
        this.home = home;
        this.connection = connection;
        this.clock = clock;
        this.cloudClock = cloudClock;
        this.channels = new AlertChannels(config.alerts());
        this.texts = new AlertTexts(config.alerts(), clock);
        this.outage = new ClinicOutage(
                clinicWorks, Channel.of(config.alerts()), texts, new ChannelSender(this::routes), clock);
    }

    /** To be called every few seconds while the service waits at its start for the clinic's database, without routes. */
    public void waits() {
        outage.tick();
    }

    /** The service's own, or until it starts those of the channels alone: nobody needs them where the start is quick. */
    private synchronized CamelContext routes() {
        return service.map(Main::getCamelContext).orElseGet(() -> {
            if (early.isEmpty()) {
                var channelRoutes = new ChannelRoutes(config.alerts(), home);
                channelRoutes.start();
                early = Optional.of(channelRoutes);
            }
            return early.get().context();
        });
    }

    /** Gives the routes their beans. */
    public synchronized void bind(Main camel, JdbcTemplate clinic) {
        var alerts = config.alerts();
        service = Optional.of(camel);
        early.ifPresent(ChannelRoutes::close);
        var disk = new FreeDisk(folders(), clinic, config.localPostgres().host());
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
        outage.close();
        early.ifPresent(ChannelRoutes::close);
    }
}
