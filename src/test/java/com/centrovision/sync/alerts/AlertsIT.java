package com.centrovision.sync.alerts;

import static java.util.stream.Collectors.joining;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.read.ListAppender;
import com.centrovision.sync.clinic.ClinicDatabase;
import com.centrovision.sync.config.Alerts;
import com.centrovision.sync.config.Alerts.Security;
import com.centrovision.sync.config.LogLine;
import com.centrovision.sync.config.Severity;
import com.centrovision.sync.demo.Fault;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.runtime.SyncService;
import com.centrovision.sync.status.StatusReader;
import com.centrovision.sync.status.StatusSnapshot;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.ConfigWith;
import com.centrovision.sync.testing.Receiver;
import com.centrovision.sync.testing.ServiceHome;
import com.centrovision.sync.testing.SharedLab;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * A running service with every channel: a patient's row is set aside while a mail server is away and the cloud takes no key.
 * What is told, when it leaves, and what is never told.
 */
class AlertsIT {
    private static final String MARKER = "Zelaya-0801-1990-12345";
    private static final List<String> SECRETS =
            List.of("m4il-secret", "w3b-secret", "h00k-path", "123:t3legram", "wh4tsapp-token", "p1ng-path");
    private static final Map<String, String> FAST = Map.of("alerts.look_millis", "500", "alerts.queue_millis", "300");

    private final Lab lab = SharedLab.get();
    private final LabDatabase clinic = lab.newClinic();
    private final Receiver receiver = new Receiver();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private GreenMail mail = mailServer(ServerSetup.SMTP.dynamicPort());
    private ClinicService service;
    private Appender<ILoggingEvent> console;

    @TempDir
    private Path folder;

    private static GreenMail mailServer(ServerSetup setup) {
        var server = new GreenMail(setup);
        server.start();
        server.setUser("sync@clinica.hn", "sync", "m4il-secret");
        return server;
    }

    @BeforeEach
    void runningService() throws IOException {
        lab.resetCloud();
        lab.cloud().execute("insert into crm_pipelines (name) values ('uno')");
        console = root().getAppender("console");
        root().detachAppender(console);
        root().setLevel(Level.WARN);
        own().setLevel(Level.DEBUG);
        ((Logger) LoggerFactory.getLogger(AlertLog.class)).setLevel(Level.DEBUG);
        log.start();
        root().addAppender(log);
        FAST.forEach(System::setProperty);
        System.setProperty("alerts.telegram_address", receiver.address());
        System.setProperty("alerts.whatsapp_address", receiver.address());
        var home = ServiceHome.in(folder);
        home.table("crm_pipelines");
        home.table("patients");
        service = ClinicService.start(
                folder,
                ConfigWith.parts(
                        ClinicService.config(lab, clinic), alerts(mail.getSmtp().getPort())),
                SyncService.Mode.CONTINUOUS);
        await().until(() -> clinic.count("crm_pipelines") == 1);
    }

    private Alerts alerts(int smtp) {
        var defaults = Alerts.defaults();
        return new Alerts(
                defaults.language(),
                Optional.of("Clínica Ñ"),
                defaults.reminder(),
                Optional.empty(),
                new Alerts.Limits(5, Duration.ofMinutes(5), 100, Duration.ofSeconds(60), 0),
                Optional.of(URI.create(receiver.address() + "/p1ng-path")),
                Optional.of(new Alerts.Mail(
                        "127.0.0.1",
                        smtp,
                        Security.NONE,
                        Optional.of(new Alerts.Login("sync", "m4il-secret")),
                        "sync@clinica.hn",
                        "soporte@clinica.hn",
                        Severity.WARNING)),
                Optional.of(new Alerts.Webhook(
                        URI.create(receiver.address() + "/h00k-path"), "w3b-secret", Severity.WARNING)),
                Optional.of(new Alerts.Telegram("123:t3legram", "-1", Severity.WARNING)),
                Optional.of(new Alerts.Whatsapp(
                        "wh4tsapp-token", "555", "50499999999", Optional.empty(), "es", Severity.CRITICAL)));
    }

    @AfterEach
    void stop() {
        service.close();
        lab.gateway().heal();
        lab.cloud().execute("alter table patients drop constraint if exists no_marker");
        FAST.keySet().forEach(System::clearProperty);
        System.clearProperty("alerts.telegram_address");
        System.clearProperty("alerts.whatsapp_address");
        root().detachAppender(log);
        own().setLevel(null);
        ((Logger) LoggerFactory.getLogger(AlertLog.class)).setLevel(Level.OFF);
        root().setLevel(Level.ERROR);
        root().addAppender(console);
        receiver.close();
        mail.stop();
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    }

    private static Logger own() {
        return (Logger) LoggerFactory.getLogger("com.centrovision");
    }

    private long posted(String path, String content) {
        return receiver.received().stream()
                .filter(received ->
                        received.path().contains(path) && received.body().contains(content))
                .count();
    }

    @Test
    void whatHappensIsToldOverEveryChannelWithoutAWordOfAPatientOrASecret() throws Exception {
        await().until(() -> posted("/p1ng-path", "") >= 2);

        var port = mail.getSmtp().getPort();
        mail.stop();
        receiver.answering(500, "{}");
        lab.cloud()
                .execute("alter table patients add constraint no_marker check (last_name not like '%" + MARKER + "%')");
        clinic.execute("insert into patients (first_name, last_name) values ('Ana', '" + MARKER + "')");
        await().atMost(Duration.ofSeconds(60)).until(() -> clinic.count("_sync_quarantine") == 1);
        await().until(() -> clinic.count("_sync_alert_failing") == 3);
        var since = clinic.value("select min(since) from _sync_alert").orElseThrow();
        lab.gateway().fault(Fault.unauthorized());
        await().until(() -> "unauthorized".equals(service.state().reason()));
        var pings = posted("/p1ng-path", "");

        mail = mailServer(new ServerSetup(port, "127.0.0.1", "smtp"));
        receiver.answering(200, "{\"ok\":true,\"result\":{\"message_id\":1,\"date\":1,\"chat\":{\"id\":1}}}");

        await().atMost(Duration.ofSeconds(90)).untilAsserted(() -> {
            assertEquals(2, mail.getReceivedMessages().length);
            assertTrue(posted("/h00k-path", "quarantine:patients") > 1, "one that failed, one that was taken");
            assertTrue(posted("/h00k-path", "\"key\":\"key\"") > 0);
            assertTrue(
                    posted("/bot123:t3legram/", "filas apartadas") + posted("/bot123:t3legram/", "se apartaron") > 1);
            assertTrue(posted("/555/messages", "no acepta la clave") > 0);
        });
        assertEquals(0, posted("/555/messages", "se apartaron"), "less than critical");
        var mails = Stream.of(mail.getReceivedMessages())
                .map(GreenMailUtil::getWholeMessage)
                .collect(joining());
        assertTrue(posted("/h00k-path", "\"since\":\"" + ((Timestamp) since).toInstant()) > 0, "its own time");
        assertTrue(pings + 1 >= posted("/p1ng-path", ""), "no signal while nothing is synced");

        var status = status();
        assertEquals(
                List.of("key", "quarantine:patients"),
                status.alerts().stream().map(alert -> alert.key()).toList());
        assertEquals(List.of(), status.failingChannels());
        var told = receiver.received().stream().map(Receiver.Received::body).collect(joining()) + mails + status;
        assertFalse(told.contains(MARKER));
        var shown = beans() + System.getProperties() + logged();
        assertEquals(List.of(), SECRETS.stream().filter(shown::contains).toList());
        assertFalse(shown.contains(MARKER));
        for (var line : List.of(
                "alert raised key=quarantine:patients",
                "alert raised key=key",
                "alert not sent, tried again later channel=mail")) {
            assertEquals(1, logged().split(line, -1).length - 1, line);
        }
    }

    private StatusSnapshot status() {
        try (var database = new ClinicDatabase(ClinicService.config(lab, clinic).localPostgres(), 1)) {
            database.start();
            return new StatusReader(database.jdbc()).read().in(Locale.forLanguageTag("es"));
        }
    }

    /** Every attribute of Camel's beans, and its routes as Hawtio shows them. */
    private static String beans() throws JMException {
        var server = ManagementFactory.getPlatformMBeanServer();
        var all = new StringBuilder();
        for (var name : server.queryNames(new ObjectName("org.apache.camel:*"), null)) {
            all.append(name);
            for (var attribute : server.getMBeanInfo(name).getAttributes()) {
                try {
                    all.append(server.getAttribute(name, attribute.getName()));
                } catch (JMException | RuntimeException unreadable) {
                    all.append(unreadable.getClass());
                }
            }
            if (name.getKeyProperty("type").equals("context")) {
                all.append(server.invoke(name, "dumpRoutesAsXml", null, null));
            }
        }
        assertTrue(all.toString().contains("alert-telegram"), "routes are seen");
        return all.toString();
    }

    private String logged() {
        var layout = new LogLine();
        layout.setTraces(true);
        return List.copyOf(log.list).stream().map(layout::doLayout).collect(joining());
    }
}
