package com.centrovision.sync.demo.show;

import com.centrovision.sync.config.Alerts;
import com.centrovision.sync.config.CloudMode;
import com.centrovision.sync.config.Config;
import com.centrovision.sync.config.LogSetup;
import com.centrovision.sync.console.Console;
import com.centrovision.sync.demo.FreePorts;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.demo.LabOptions;
import com.centrovision.sync.down.PassListener;
import com.centrovision.sync.runtime.SyncService;
import com.centrovision.sync.tables.SyncedTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.event.Level;

/** What the demo plays on: the lab with its rows, the service between both sides, and a folder for log and settings. */
public final class Stage implements AutoCloseable {
    private static final int PATIENTS = 300;
    private static final Duration INTERVAL = Duration.ofSeconds(3);

    private final Path folder;
    private final Lab lab;
    private final SyncService service;
    private final Console console;
    private final URI page;

    private Stage(Path folder, Lab lab, SyncService service, Console console, URI page) {
        this.folder = folder;
        this.lab = lab;
        this.service = service;
        this.console = console;
        this.page = page;
    }

    /** @param home the folder that holds {@code routes}, {@code sql} and PostgREST */
    public static Stage open(Path home, String seed) {
        var folder = folder();
        Lab lab = null;
        SyncService service = null;
        try {
            LogSetup.startInFile(logging(folder), folder);
            lab = Lab.start(home, LabOptions.defaults());
            lab.leaveToCaller();
            lab.cloud().generate(seed, PATIENTS);
            var acts = Files.readString(home.resolve("sql/demo/acts.sql"));
            lab.cloud().execute(acts);
            lab.clinic().execute(acts);
            var config = config(lab, folder);
            service = new SyncService(config, home, SyncService.Mode.CONTINUOUS);
            service.init();
            writeSettings(config, folder);
            var page = URI.create("http://%s:%d/"
                    .formatted(config.console().host(), config.console().port()));
            return new Stage(folder, lab, service, new Console(config, home), page);
        } catch (IOException unreadable) {
            close(folder, lab, service);
            throw new UncheckedIOException(unreadable);
        } catch (RuntimeException failure) {
            close(folder, lab, service);
            throw failure;
        }
    }

    /** As the writer of the clinic's database, so that {@code once} in another window asks it for the pass. */
    void startService() {
        try {
            if (!service.isWriter()) {
                throw new IllegalStateException("another service writes the lab's clinic");
            }
        } catch (SQLException gone) {
            throw new IllegalStateException("the lab's clinic does not answer", gone);
        }
        service.greetCloud();
        service.start(PassListener.NONE, console);
    }

    public Lab lab() {
        return lab;
    }

    /** Where the service shows itself, from its start on. */
    public URI page() {
        return page;
    }

    public Path settings() {
        return folder.resolve("config.toml");
    }

    public BothSides sides() {
        var tables = service.declared().tables().stream().map(SyncedTable::name).toList();
        return new BothSides(lab.cloud(), lab.clinic(), service.clinic().jdbc(), tables);
    }

    @Override
    public void close() {
        close(folder, lab, service);
    }

    /** The service ends before the lab that it works with; the lab ends whatever the service does. */
    private static void close(Path folder, Lab lab, SyncService service) {
        try {
            if (lab != null) {
                lab.gateway().heal();
            }
            if (service != null) {
                service.close();
            }
        } finally {
            if (lab != null) {
                lab.close();
            }
            delete(folder);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException kept) {
            throw new UncheckedIOException(kept);
        }
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory(
                    "centrovision-demo-" + ProcessHandle.current().pid() + "-");
        } catch (IOException full) {
            throw new UncheckedIOException(full);
        }
    }

    private static Config config(Lab lab, Path folder) {
        LabDatabase clinic = lab.clinic();
        return new Config(
                new Config.Supabase(URI.create(lab.supabaseUrl()), lab.secretKey()),
                new Config.LocalPostgres(clinic.host(), clinic.port(), clinic.name(), clinic.user(), clinic.password()),
                new Config.Sync(
                        INTERVAL, CloudMode.AUTO, 100, 3, Duration.ofSeconds(1), 1000, Duration.ofMinutes(5), 4, 8),
                new Config.Reconcile(Duration.ofMinutes(1), 2, 50, 5),
                new Config.Keep(7, 30, 365),
                logging(folder),
                Alerts.defaults(),
                new Config.Console("127.0.0.1", FreePorts.next(), Optional.empty(), Optional.empty()));
    }

    private static Config.Logging logging(Path folder) {
        return new Config.Logging(Level.INFO, folder.resolve("sync.log"), 10, 2);
    }

    /** For other commands, such as {@code status}, in another window. */
    private static void writeSettings(Config config, Path folder) throws IOException {
        var clinic = config.localPostgres();
        var file = folder.resolve("config.toml");
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(
                file,
                """
                [supabase]
                url = "%s"
                service_key = "%s"
                [local_postgres]
                host = "%s"
                port = %d
                database = "%s"
                user = "%s"
                password = "%s"
                [logging]
                file = "%s"
                """
                        .formatted(
                                config.supabase().url(),
                                config.supabase().serviceKey(),
                                clinic.host(),
                                clinic.port(),
                                clinic.database(),
                                clinic.user(),
                                clinic.password(),
                                config.logging().file()));
    }
}
