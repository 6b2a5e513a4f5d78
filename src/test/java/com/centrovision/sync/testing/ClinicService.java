package com.centrovision.sync.testing;

import com.centrovision.sync.config.CloudMode;
import com.centrovision.sync.config.Config;
import com.centrovision.sync.connection.ConnectionState;
import com.centrovision.sync.console.Console;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.down.PassListener;
import com.centrovision.sync.pass.PassResult;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.runtime.Companion;
import com.centrovision.sync.runtime.SyncService;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.slf4j.event.Level;

/** The service in the test's own process, between the lab's cloud and one clinic database. */
public final class ClinicService implements AutoCloseable {
    private static final Path HOME = Path.of("").toAbsolutePath();

    private final SyncService service;

    private ClinicService(SyncService service) {
        this.service = service;
    }

    /** Full passes only when asked for, of these tables alone; of all where none is named. */
    public static ClinicService onDemand(Lab lab, LabDatabase clinic, String... tables) {
        return start(ServiceHome.of(tables), config(lab, clinic), SyncService.Mode.ON_DEMAND);
    }

    /** The same in one of both ways, whatever the cloud of this run has. */
    public static ClinicService onDemand(Lab lab, LabDatabase clinic, CloudMode way, String... tables) {
        return start(
                ServiceHome.of(tables), config(lab, clinic, way, Duration.ofMillis(200)), SyncService.Mode.ON_DEMAND);
    }

    public static Config withMode(Config config, CloudMode mode) {
        var sync = config.sync();
        return ConfigWith.parts(
                config,
                new Config.Sync(
                        sync.interval(),
                        mode,
                        sync.batchSize(),
                        sync.retryMaxAttempts(),
                        sync.retryDelay(),
                        sync.pageRows(),
                        sync.overlap(),
                        sync.downConnections(),
                        sync.upConnections()));
    }

    public static ClinicService continuous(Lab lab, LabDatabase clinic, String... tables) {
        return start(ServiceHome.of(tables), config(lab, clinic), SyncService.Mode.CONTINUOUS);
    }

    public static ClinicService continuous(Lab lab, LabDatabase clinic, Duration retryDelay, String... tables) {
        return start(ServiceHome.of(tables), config(lab, clinic, retryDelay), SyncService.Mode.CONTINUOUS);
    }

    /** The same in one of both ways, whatever the cloud of this run has. */
    public static ClinicService continuous(Lab lab, LabDatabase clinic, CloudMode way, String... tables) {
        return start(
                ServiceHome.of(tables), config(lab, clinic, way, Duration.ofMillis(200)), SyncService.Mode.CONTINUOUS);
    }

    /** Working by itself, with the console of this configuration. */
    public static ClinicService withConsole(Config config, String... tables) {
        var home = ServiceHome.of(tables);
        return start(home, config, SyncService.Mode.CONTINUOUS, new Console(config, home));
    }

    public static ClinicService start(Config config, SyncService.Mode mode) {
        return start(HOME, config, mode);
    }

    public static ClinicService start(Path home, Config config, SyncService.Mode mode) {
        return start(home, config, mode, Companion.NONE);
    }

    private static ClinicService start(Path home, Config config, SyncService.Mode mode, Companion beside) {
        var service = new SyncService(config, home, mode);
        try {
            service.init();
            if (!service.isWriter()) {
                throw new IllegalStateException("another service writes this clinic");
            }
            service.greetCloud();
            service.start(PassListener.NONE, beside);
        } catch (RuntimeException | SQLException failure) {
            service.close();
            throw new IllegalStateException(failure);
        }
        return new ClinicService(service);
    }

    public static Config config(Lab lab, LabDatabase clinic) {
        return config(lab, clinic, Duration.ofMillis(200));
    }

    private static Config config(Lab lab, LabDatabase clinic, Duration retryDelay) {
        return config(lab, clinic, CloudMode.AUTO, retryDelay);
    }

    private static Config config(Lab lab, LabDatabase clinic, CloudMode way, Duration retryDelay) {
        return new Config(
                new Config.Supabase(URI.create(lab.supabaseUrl()), lab.serviceKey()),
                new Config.LocalPostgres(clinic.host(), clinic.port(), clinic.name(), clinic.user(), clinic.password()),
                new Config.Sync(Duration.ofSeconds(1), way, 100, 3, retryDelay, 1000, Duration.ofSeconds(300), 4, 8),
                new Config.Reconcile(Duration.ofMinutes(5), 2, 50, 5),
                new Config.Keep(7, 30, 365),
                new Config.Logging(Level.INFO, Path.of("target/test.log"), 10, 2));
    }

    /** What the timer of one table does. */
    public void pass(String table) throws InterruptedException {
        service.tablePasses().run(table);
    }

    public PassResult pass() throws InterruptedException {
        return pass(Set.of());
    }

    public PassResult pass(Set<String> acceptedDeletes) throws InterruptedException {
        return service.fullPass().run(acceptedDeletes);
    }

    /** Whether the service can work with the cloud now. */
    public boolean isOpen() {
        return service.isOpen();
    }

    public ConnectionState state() {
        return service.state();
    }

    /** The code of what is wrong with the clinic's database now; empty where nothing is. */
    public Optional<ProblemCode> clinicProblem() {
        return service.clinicProblem().map(Problem::code);
    }

    @Override
    public void close() {
        service.close();
    }
}
