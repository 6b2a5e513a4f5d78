package com.centrovision.sync.files;

import com.centrovision.sync.cloud.CloudClock;
import com.centrovision.sync.cloud.CloudHttp;
import com.centrovision.sync.cloud.storage.StorageApi;
import com.centrovision.sync.config.Config;
import com.centrovision.sync.connection.Connection;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.main.Main;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;

/** Builds what keeps the cloud's files and the clinic's folder the same; nothing where no files are kept. */
public final class FileSync implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FileSync.class);
    private static final long LARGEST_SMALL_FILE = 8L << 20;
    private static final long LOOK_MILLIS = 3000;
    private static final long ORDER_MILLIS = 15_000;
    private static final long TICK_MILLIS = 1000;

    private final Config config;
    private final Path home;
    private final Connection connection;
    private final CloudHttp rows;
    private final CloudClock cloudClock;
    private final Map<String, String> lanes = Stream.of("small", "more_small", "any")
            .collect(Collectors.toUnmodifiableMap(
                    name -> name, name -> UUID.randomUUID().toString()));
    private Optional<StorageApi> storage = Optional.empty();
    private Optional<Courtesy> courtesy = Optional.empty();

    /** @param rows whose requests come before the files' */
    public FileSync(Config config, Path home, Connection connection, CloudHttp rows, CloudClock cloudClock) {
        this.config = config;
        this.home = home;
        this.connection = connection;
        this.rows = rows;
        this.cloudClock = cloudClock;
    }

    public static ClinicFolder folder(Config.Storage settings, Path home) {
        return new ClinicFolder(home.resolve(settings.directory()), new FileNames());
    }

    /** Gives the routes their beans. */
    public void bind(Main camel, JdbcTemplate clinic) {
        var settings = config.storage();
        if (!settings.enabled()) {
            return;
        }
        var api = new StorageApi(config.supabase().url(), config.supabase().serviceKey());
        storage = Optional.of(api);
        var clock = Clock.systemDefaultZone();
        var names = new FileNames();
        var folder = folder(settings, home);
        var manifest = new FileManifest(clinic);
        var turns = new Courtesy(new Bandwidth(settings, System::nanoTime, clock), connection, rows::isAsked);
        courtesy = Optional.of(turns);
        var down = new FileDown(api, folder, manifest, turns, clock, this::today);
        manifest.releaseAll();
        camel.bind("filesFolder", new FolderLook(settings.buckets(), folder, manifest, names, clock));
        camel.bind("filesCloud", new CloudLook(settings, config.reconcile(), api, manifest, names, connection));
        camel.bind("fileDown", down);
        camel.bind("fileUp", new FileUp(api, folder, manifest, turns));
        camel.bind("fileBoth", new BothChanged(down, folder, manifest, names, clock));
        camel.bind(
                "filesGone",
                new GoneFiles(api, folder, manifest, settings.keepTrashDays(), this::today, connection::isOpen));
        camel.bind("fileFailures", new FileFailures(manifest, folder));
    }

    private LocalDate today() {
        return LocalDate.ofInstant(cloudClock.now(), ZoneId.systemDefault());
    }

    /** What the routes read; {@code runs} is false where nothing is to start by itself. */
    public Properties properties(boolean runs) {
        var properties = new Properties();
        properties.setProperty(
                "files.kept", String.valueOf(runs && config.storage().enabled()));
        properties.setProperty("files.look_millis", String.valueOf(orInterval(LOOK_MILLIS)));
        properties.setProperty("files.order_millis", String.valueOf(orInterval(ORDER_MILLIS)));
        properties.setProperty("files.tick_millis", String.valueOf(orInterval(TICK_MILLIS)));
        lanes.forEach((name, lane) -> properties.setProperty("files.lane_" + name, lane));
        properties.setProperty("files.lanes", String.join(",", lanes.values()));
        properties.setProperty(
                "files.replaced", String.valueOf(config.reconcile().maxDeleteRows()));
        var largest = (long) config.storage().maxFileMb() << 20;
        properties.setProperty("files.small", String.valueOf(Math.min(LARGEST_SMALL_FILE, largest)));
        properties.setProperty("files.largest", String.valueOf(largest));
        return properties;
    }

    /** Who looks at the cloud more often looks here as often. */
    private long orInterval(long millis) {
        return Math.min(millis, config.storage().interval().toMillis());
    }

    /** Lets go of files that are under way, so that the routes can end. */
    public void stop() {
        courtesy.ifPresent(Courtesy::stop);
    }

    @Override
    public void close() {
        storage.ifPresent(api -> {
            try {
                api.close();
            } catch (IOException failure) {
                LOG.debug("not closed cleanly problem={}", failure.getClass().getSimpleName());
            }
        });
    }
}
