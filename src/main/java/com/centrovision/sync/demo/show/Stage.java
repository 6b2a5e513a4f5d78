package com.centrovision.sync.demo.show;

import com.centrovision.sync.config.Config;
import com.centrovision.sync.config.ConfigFile;
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
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.event.Level;

/** What the demo plays on: the lab with its rows, the service between both sides, and a folder for log and settings. */
public final class Stage implements AutoCloseable {
    private static final int PATIENTS = 300;

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

    /** Of the tables that the lab has: others may have been added beside an earlier demo. */
    public BothSides sides() {
        var tables = service.declared().tables().stream()
                .map(SyncedTable::name)
                .filter(name -> exists(lab.cloud(), name) && exists(lab.clinic(), name))
                .toList();
        return new BothSides(lab.cloud(), lab.clinic(), service.clinic().jdbc(), tables);
    }

    private static boolean exists(LabDatabase side, String table) {
        return side.value("select to_regclass(format('public.%I', ?::text))::text", table)
                .isPresent();
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

    /** What the service has and, by the same file, other commands such as {@code status} in another window. */
    private static Config config(Lab lab, Path folder) throws IOException {
        LabDatabase clinic = lab.clinic();
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
                [sync]
                interval_seconds = 3
                retry_delay_seconds = 1
                reconcile_minutes = 1
                up_connections = 8
                [logging]
                file = "%s"
                max_files = 2
                [console]
                port = %d
                """
                        .formatted(
                                lab.supabaseUrl(),
                                lab.secretKey(),
                                clinic.host(),
                                clinic.port(),
                                clinic.name(),
                                clinic.user(),
                                clinic.password(),
                                logging(folder).file(),
                                FreePorts.next()));
        return ConfigFile.read(file, Map.of());
    }

    private static Config.Logging logging(Path folder) {
        return new Config.Logging(Level.INFO, folder.resolve("sync.log"), 10, 2);
    }
}
