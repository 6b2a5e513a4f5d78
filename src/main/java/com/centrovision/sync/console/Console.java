package com.centrovision.sync.console;

import com.centrovision.sync.alerts.OpenAlerts;
import com.centrovision.sync.clinic.ClinicFailures;
import com.centrovision.sync.config.CertificateFile;
import com.centrovision.sync.config.Config;
import com.centrovision.sync.conflicts.KeptConflicts;
import com.centrovision.sync.conflicts.Settlements;
import com.centrovision.sync.files.FileManifest;
import com.centrovision.sync.files.FileSync;
import com.centrovision.sync.files.KeptFiles;
import com.centrovision.sync.inspection.HawtioPage;
import com.centrovision.sync.inspection.Inspection;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.quarantine.GivingUp;
import com.centrovision.sync.quarantine.QuarantinedRows;
import com.centrovision.sync.runtime.Companion;
import com.centrovision.sync.runtime.SyncService;
import com.centrovision.sync.status.StatusReader;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.main.Main;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;

/** Builds what the service shows over HTTP; where it cannot listen, it says so and the sync goes on without it. */
public final class Console implements Companion {
    private static final Logger LOG = LoggerFactory.getLogger(Console.class);
    private static final int LARGEST_BODY = 65_536;
    private static final String INSPECTION = "/observe/jolokia";

    private final Config config;
    private final Config.Console settings;
    private final Path home;
    private boolean serves;
    private StatusFeed feed;
    private EventStream connections;
    private Map<Locale, EventStream> statuses = Map.of();
    private SyncMetrics metrics;
    private Inspection inspection;
    private Optional<FilePages> files = Optional.empty();

    public Console(Config config, Path home) {
        this.config = config;
        this.home = home;
        this.settings = config.console();
    }

    @Override
    public void join(SyncService service, Main camel, Properties properties) {
        var connection = service.connection();
        var clinic = AnsweringClinic.of(service.clinic().dataSource(), service::clinicProblem);
        var pause = new Pause(clinic, connection);
        pause.restore();
        serves = settings.port() > 0 && canServe();
        properties.setProperty("console.serves", String.valueOf(serves));
        if (!serves) {
            return;
        }
        properties.setProperty("camel.server.enabled", "true");
        properties.setProperty("camel.server.host", settings.host());
        properties.setProperty("camel.server.port", String.valueOf(settings.port()));
        properties.setProperty("camel.server.maxBodySize", String.valueOf(LARGEST_BODY));
        properties.setProperty("camel.server.fileUploadEnabled", "false");

        var tokens = new Tokens(settings.token(), System::nanoTime);
        var sessions = new Sessions(System::nanoTime);
        var address = new ServerAddress(config.localPostgres().host());
        feed = new StatusFeed(new StatusReader(clinic), connection, service::clinicProblem, address);
        connections = new EventStream(feed, feed::connection);
        statuses = Answers.LANGUAGES.stream()
                .collect(Collectors.toMap(
                        Function.identity(), language -> new EventStream(feed, () -> feed.statusIfKnown(language))));
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        metrics = new SyncMetrics(registry, connection, service::clinicProblem);
        service.clinic().measure(registry);
        feed.tell(metrics::tell);

        var mayOperate = settings.inspection() == Config.Inspection.OPERATE;
        if (mayOperate) {
            properties.putAll(Inspection.standby());
        }
        inspection = new Inspection(INSPECTION, mayOperate, config.secrets());

        camel.bind("consoleServer", new GuardedServer(new Guard(new Access(tokens, sessions), tokens), tls()));
        camel.bind("metricsRegistry", registry);
        camel.bind("consoleAnswers", new Answers(new ClinicFailures(config.localPostgres())));
        camel.bind("consoleHeaders", new PassedHeaders());
        camel.bind("consoleHealth", new Health(connection, service::clinicProblem));
        camel.bind("consoleLogIn", new LogIn(tokens, sessions, settings.tls().isPresent()));
        camel.bind("consoleStatus", feed);
        camel.bind("consoleTexts", new PageTexts());
        desks(service, clinic, camel, pause);
    }

    private void desks(SyncService service, JdbcTemplate clinic, Main camel, Pause pause) {
        var declared = service.declared();
        var passes = service.tablePasses();
        var audit = new Audit(clinic);
        camel.bind("consoleAudit", audit);
        if (config.storage().enabled()) {
            var folder = FileSync.folder(config.storage(), home);
            files = Optional.of(new FilePages(new KeptFiles(folder, new FileManifest(clinic)), audit));
        }
        var status = new StatusReader(clinic);
        camel.bind("consoleFiles", new FilesDesk(config.storage(), clinic, status, audit));
        camel.bind(
                "consoleBackups",
                new BackupsDesk(clinic, config.backup(), service.backups(), audit, Clock.systemUTC()));
        camel.bind("consoleAlerts", new AlertsDesk(new OpenAlerts(clinic)));
        camel.bind("consoleConflicts", new ConflictsDesk(new KeptConflicts(clinic), new Settlements(clinic), audit));
        camel.bind(
                "consoleQuarantine",
                new QuarantineDesk(
                        new QuarantinedRows(clinic),
                        new GivingUp(clinic, service.cloud(), config),
                        name -> declared.tables().stream()
                                .filter(table -> table.name().equals(name))
                                .forEach(passes::start),
                        audit));
        camel.bind("consoleActions", new Actions(clinic, pause, service.requests(), passes, declared, audit));
        camel.bind(
                "consoleLine",
                new LineHistory(
                        clinic,
                        service.connection(),
                        name -> declared.tables().stream()
                                .anyMatch(table -> table.name().equals(name)),
                        Clock.systemUTC()));
    }

    @Override
    public void started(CamelContext camel) {
        if (serves) {
            var router = VertxPlatformHttpRouter.lookup(
                    camel, VertxPlatformHttpRouter.getRouterNameFromPort(settings.port()));
            router.get("/api/connection-status").handler(feed::answerApp);
            router.get("/api/connection-status/events").handler(connections);
            router.get("/api/events")
                    .handler(asked -> statuses.get(language(asked)).handle(asked));
            List.of("/api/connection-status/events", "/api/events")
                    .forEach(path -> router.head(path).handler(EventStream::head));
            files.ifPresent(pages -> router.get(FilePages.PLACE + "*").handler(pages));
            files.ifPresent(pages -> router.head(FilePages.PLACE + "*").handler(pages));
            PageFiles.serve(router);
            router.route(INSPECTION + "*").handler(router.bodyHandler()).handler(inspection);
            HawtioPage.serve(router, home.resolve("hawtio"), INSPECTION);
            router.head()
                    .last()
                    .handler(head -> head.reroute(HttpMethod.GET, head.request().uri()));
            router.route().last().handler(Answers::nothingHere).failureHandler(Answers::refused);
            LOG.info("console listens address={} port={}", settings.host(), settings.port());
        }
    }

    /** A browser's stream of events sends no header of the page's choosing. */
    private static Locale language(RoutingContext asked) {
        return Answers.language(Optional.ofNullable(asked.request().getParam("language"))
                .orElseGet(() -> asked.request().getHeader("Accept-Language")));
    }

    private boolean canServe() {
        var obstacle = addressMistake().or(this::certificateMistake);
        obstacle.map(why ->
                        new Problem(ProblemCode.CONSOLE_SILENT, settings.host(), String.valueOf(settings.port()), why))
                .ifPresent(problem -> LOG.error("console left out problem={}", problem.getMessage()));
        return obstacle.isEmpty();
    }

    private Optional<Object> addressMistake() {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(settings.host(), settings.port()));
            return Optional.empty();
        } catch (IOException | IllegalArgumentException unfit) {
            return Optional.of(Optional.ofNullable(unfit.getMessage()).orElseGet(unfit::toString));
        }
    }

    private Optional<Object> certificateMistake() {
        return tls().flatMap(tls ->
                new CertificateFile(tls.file(), tls.password()).read().mistake());
    }

    private Optional<Config.Tls> tls() {
        return settings.tls().map(tls -> new Config.Tls(home.resolve(tls.file()), tls.password()));
    }

    @Override
    public void close() {
        if (metrics != null) {
            metrics.close();
        }
        if (inspection != null) {
            inspection.close();
        }
    }
}
