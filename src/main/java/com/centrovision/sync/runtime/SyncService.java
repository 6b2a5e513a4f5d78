package com.centrovision.sync.runtime;

import com.centrovision.sync.alerts.Alerting;
import com.centrovision.sync.backup.Backups;
import com.centrovision.sync.backup.ClinicBackup;
import com.centrovision.sync.clinic.ClinicDatabase;
import com.centrovision.sync.clinic.ClinicFailures;
import com.centrovision.sync.clinic.MirroredCloud;
import com.centrovision.sync.clinic.WriterLock;
import com.centrovision.sync.cloud.CloudApi;
import com.centrovision.sync.cloud.CloudClock;
import com.centrovision.sync.cloud.CloudFunctions;
import com.centrovision.sync.cloud.CloudHttp;
import com.centrovision.sync.config.Config;
import com.centrovision.sync.conflicts.Conflicts;
import com.centrovision.sync.connection.ClinicPolls;
import com.centrovision.sync.connection.ClinicState;
import com.centrovision.sync.connection.Connection;
import com.centrovision.sync.connection.ConnectionCheck;
import com.centrovision.sync.connection.ConnectionState;
import com.centrovision.sync.connection.Failures;
import com.centrovision.sync.connection.UpkeepFailures;
import com.centrovision.sync.digest.Digests;
import com.centrovision.sync.down.ChunkCopy;
import com.centrovision.sync.down.DownFailures;
import com.centrovision.sync.down.DownLanes;
import com.centrovision.sync.down.DownPasses;
import com.centrovision.sync.down.PassListener;
import com.centrovision.sync.down.SmallerPage;
import com.centrovision.sync.feed.FeedFailures;
import com.centrovision.sync.feed.FeedPasses;
import com.centrovision.sync.files.FileSync;
import com.centrovision.sync.pass.FullPass;
import com.centrovision.sync.pass.PassRequests;
import com.centrovision.sync.pass.RequestedPasses;
import com.centrovision.sync.pass.TablePasses;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.reconcile.Comparisons;
import com.centrovision.sync.status.CatchingUp;
import com.centrovision.sync.status.Heartbeat;
import com.centrovision.sync.tables.CloudTables;
import com.centrovision.sync.tables.DeclaredTables;
import com.centrovision.sync.tables.TableReload;
import com.centrovision.sync.tables.TableRoutes;
import com.centrovision.sync.tables.Turns;
import com.centrovision.sync.up.UpAnswers;
import com.centrovision.sync.up.UpChanges;
import com.centrovision.sync.up.UpPause;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Optional;
import org.apache.camel.builder.AggregationStrategies;
import org.apache.camel.component.micrometer.routepolicy.MicrometerRoutePolicyFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Builds everything and holds it together: the clinic, the cloud, the routes and what they ask. */
public final class SyncService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SyncService.class);
    private static final int OTHER_CONNECTIONS = 6;
    private static final int UP_CONNECTIONS = 8;

    /** Whether timers start passes, or only {@link #fullPass()} does. */
    public enum Mode {
        CONTINUOUS,
        ON_DEMAND
    }

    private final Config config;
    private final Path home;
    private final Mode mode;
    private final RouteEngine engine = new RouteEngine();
    private final ClinicDatabase clinic;
    private final ClinicFailures clinicFailures;
    private final Connection connection;
    private final ClinicState clinicState;
    private final CloudClock clock;
    private final CloudHttp http;
    private final CloudApi cloud;
    private final CloudFunctions functions;
    private final DeclaredTables declared;
    private final Lanes lanes;
    private final Alerting alerting;
    private final ClinicBackup backup;
    private final Backups backups;
    private final FileSync files;
    private WriterLock lock;
    private MirroredCloud mirrored;
    private CloudTables tables;
    private Preparation preparation;
    private FullPass fullPass;
    private TablePasses tablePasses;
    private Heartbeat heartbeat;
    private ConnectionCheck check;
    private Companion companion = Companion.NONE;

    /** @param home the folder that holds {@code config}, {@code routes} and {@code sql} */
    public SyncService(Config config, Path home, Mode mode) {
        this.config = config;
        this.home = home;
        this.mode = mode;
        this.clinic = new ClinicDatabase(
                config.localPostgres(),
                DownLanes.most(config.sync().downConnections()) + UP_CONNECTIONS + OTHER_CONNECTIONS);
        this.clinicFailures = new ClinicFailures(config.localPostgres());
        this.connection = new Connection(Clock.systemUTC());
        this.clinicState = new ClinicState(connection, clinicFailures, Clock.systemUTC());
        this.clock = new CloudClock(Clock.systemUTC());
        this.http = new CloudHttp(config.supabase().url(), config.supabase().serviceKey(), clock, connection);
        this.cloud = new CloudApi(config.supabase().url(), http);
        this.functions = new CloudFunctions(config.sync().mode(), cloud);
        this.declared = new DeclaredTables(home.resolve("routes/tables"));
        this.lanes = new Lanes(config.sync().downConnections(), config.sync().upConnections());
        connection.tell(lanes);
        this.alerting = new Alerting(
                config, home, connection, () -> clinicState.problem().isEmpty(), clock);
        this.backup = new ClinicBackup(config, version(), Clock.systemUTC());
        this.backups = new Backups(config, backup, connection::isWriter, Clock.systemUTC());
        this.files = new FileSync(config, home, connection, http, clock);
    }

    /** Connects to the clinic, and brings control tables and triggers to this version. */
    public void init() {
        connect();
        preparation.requireFit();
        preparation.install();
    }

    /** The same, where another project than the one mirrored is meant from now on; only while no service runs. */
    public void initForOtherCloud() throws SQLException {
        connectAlone();
        preparation.installForOtherCloud();
    }

    /** The same, where the project was emptied or put back from a backup; only while no service runs. */
    public void initForRestoredCloud() throws SQLException {
        connectAlone();
        preparation.installForRestoredCloud();
    }

    /** The same, where the database was put back by means that leave no mark; only while no service runs. */
    public void initRestored() throws SQLException {
        connectAlone();
        preparation.installRestored();
    }

    private void connectAlone() throws SQLException {
        connect();
        preparation.requireRights();
        if (!lock.acquire()) {
            throw new Problem(
                    ProblemCode.RUN_SECOND_WRITER, config.localPostgres().database());
        }
    }

    private void connect() {
        clinic.start();
        lock = new WriterLock(clinic);
        mirrored = new MirroredCloud(clinic.jdbc(), config.supabase().url());
        tables = new CloudTables(clinic.jdbc(), cloud, declared, mirrored);
        preparation = new Preparation(config, home, mode, clinic, declared, mirrored, tables, backup);
        heartbeat = new Heartbeat(connection, clinicState, clinicFailures, clock, functions, lock, mirrored, version());
    }

    /**
     * Waits for the clinic's database and for the end of another service that writes it; then does what {@link #init()}
     * does. False where it was told to stop before.
     */
    public boolean becomesWriter(Startup.Pause pause) throws SQLException, InterruptedException {
        return new Startup(clinicFailures, clinicState).await(this::tryToBecomeWriter, time -> {
            alerting.waits();
            return pause.endsWithin(time);
        });
    }

    private boolean tryToBecomeWriter() throws SQLException {
        if (lock == null) {
            connect();
        }
        if (lock.waitingSince().isEmpty()) {
            preparation.requireFit();
        }
        if (!isWriter()) {
            heartbeat.beat();
            return false;
        }
        preparation.install();
        return true;
    }

    /**
     * Whether this service is the one that writes the clinic's database; call after {@link #init()}. While it waited,
     * another project may have been accepted.
     */
    public boolean isWriter() throws SQLException {
        if (!lock.acquire()) {
            return false;
        }
        mirrored.requireConfigured();
        return true;
    }

    /** Asks the cloud once, so that what is wrong is known before the first pass; its silence is no failure. */
    public Optional<Problem> greetCloud() {
        try {
            tables.refresh();
            functions.refresh();
            return Optional.empty();
        } catch (IOException silent) {
            return Optional.of(failures().problem(silent, "?"));
        }
    }

    /** Starts the routes. */
    public void start(PassListener listener) {
        start(listener, Companion.NONE);
    }

    /** Starts the routes, and beside them a companion that ends with the service. */
    public void start(PassListener listener, Companion beside) {
        companion = beside;
        declared.problems().forEach(problem -> LOG.warn("table left out problem={}", problem.getMessage()));
        var failures = failures();
        var camel = engine.camel();
        var routes = new TableRoutes(engine::context);
        var jdbc = clinic.jdbc();
        var turns = new Turns();
        var downPasses = new DownPasses(config.sync(), clock, connection, functions, turns, listener);
        var feedFailures = new FeedFailures(jdbc, failures, functions);
        var upPause = new UpPause(System::nanoTime, config.sync().retryDelay());
        tablePasses = new TablePasses(engine::context, connection, functions, declared);
        check = new ConnectionCheck(
                connection, http, cloud, tables, mode == Mode.CONTINUOUS ? tablePasses::startAll : () -> {});
        fullPass = new FullPass(
                engine::context,
                jdbc,
                cloud,
                connection,
                declared,
                tablePasses,
                config.sync().retryMaxAttempts());
        camel.bind("clinic", clinic.dataSource());
        camel.bind("clinicPolls", new ClinicPolls(clinicState));
        camel.bind("cloudHttp", http);
        camel.bind("cloudFunctions", functions);
        camel.bind("connection", connection);
        camel.bind("connectionCheck", check);
        camel.bind("downLanes", lanes.down());
        camel.bind("downThreads", lanes.downThreads());
        camel.bind("downPasses", downPasses);
        camel.bind("chunkCopy", new ChunkCopy(jdbc));
        camel.bind("smallerPage", new SmallerPage());
        camel.bind("feedPasses", new FeedPasses(config.sync(), connection, functions, feedFailures, turns, listener));
        camel.bind("feedFailures", feedFailures);
        camel.bind("downFailures", new DownFailures(jdbc, failures));
        camel.bind("upkeepFailures", new UpkeepFailures(failures));
        camel.bind("upLines", lanes.up());
        camel.bind("upChunks", lanes.upChunks());
        camel.bind("upPause", upPause);
        camel.bind("upWidth", lanes.upWidth());
        camel.bind("upAnswers", new UpAnswers());
        camel.bind("joined", AggregationStrategies.string(","));
        camel.bind("upChanges", new UpChanges(config.sync(), clock, connection, failures, upPause, lanes.upWidth()));
        camel.bind("conflicts", new Conflicts());
        camel.bind(
                "comparisons",
                new Comparisons(
                        config, Clock.systemDefaultZone(), connection, declared, new Digests(jdbc, cloud, functions)));
        camel.bind("tablePasses", tablePasses);
        camel.bind("tableReload", new TableReload(declared, tables, routes, tablePasses::start));
        camel.bind("cloudTables", tables);
        camel.bind("heartbeat", heartbeat);
        camel.bind("backups", backups);
        camel.bind("catchingUp", catchingUp(downPasses));
        camel.bind("requestedPasses", new RequestedPasses(new PassRequests(jdbc), fullPass));
        camel.bind("routeTimings", new MicrometerRoutePolicyFactory());
        alerting.bind(camel, jdbc);
        files.bind(camel, jdbc);
        var properties = RouteProperties.of(config, home, mode);
        properties.putAll(alerting.properties(mode == Mode.CONTINUOUS));
        properties.putAll(files.properties(mode == Mode.CONTINUOUS));
        heartbeat.beat(); // an outage that was waited for is over
        companion.join(this, camel, properties);
        engine.start(home, properties, declared, routes);
        companion.started(engine.context());
        if (mode == Mode.CONTINUOUS) {
            startFirstPasses(tablePasses);
        }
        LOG.info(
                "service started version={} tables={} mode={}",
                version(),
                declared.tables().size(),
                mode);
    }

    /** Not by the timers: a tick that comes while Camel is still starting is lost. */
    private static void startFirstPasses(TablePasses passes) {
        var thread = new Thread(passes::startAll, "first-passes");
        thread.setDaemon(true);
        thread.start();
    }

    /** Whether the cloud can be worked with now. */
    public boolean isOpen() {
        return connection.isOpen();
    }

    public ConnectionState state() {
        return connection.state();
    }

    public Connection connection() {
        return connection;
    }

    public CloudApi cloud() {
        return cloud;
    }

    /** What is wrong with the clinic's database now. */
    public Optional<Problem> clinicProblem() {
        return clinicState.problem();
    }

    public FullPass fullPass() {
        return fullPass;
    }

    public TablePasses tablePasses() {
        return tablePasses;
    }

    public Backups backups() {
        return backups;
    }

    public PassRequests requests() {
        return new PassRequests(clinic.jdbc());
    }

    public ClinicDatabase clinic() {
        return clinic;
    }

    public DeclaredTables declared() {
        return declared;
    }

    private CatchingUp catchingUp(DownPasses downPasses) {
        return new CatchingUp(
                clinic.jdbc(),
                cloud,
                connection,
                downPasses::running,
                UpChanges.rowsAtOnce(config.sync()),
                Clock.systemUTC());
    }

    private Failures failures() {
        return new Failures(config.supabase().url(), clinicState::met);
    }

    public static String version() {
        return Optional.ofNullable(SyncService.class.getPackage().getImplementationVersion())
                .orElse("development");
    }

    @Override
    public void close() {
        if (check != null) {
            check.close();
        }
        companion.close();
        backups.close();
        files.stop();
        engine.stop();
        lanes.close();
        alerting.close();
        files.close();
        if (heartbeat != null) {
            heartbeat.stop();
        }
        try {
            cloud.close();
            http.close();
        } catch (IOException failure) {
            LOG.debug("not closed cleanly problem={}", failure.getClass().getSimpleName());
        }
        clinic.close();
        if (lock != null) {
            lock.close(); // last: until here nobody else writes
        }
        LOG.info("service stopped");
    }
}
