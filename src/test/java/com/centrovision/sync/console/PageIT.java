package com.centrovision.sync.console;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.backup.AgeKeys;
import com.centrovision.sync.config.Config;
import com.centrovision.sync.demo.Fault;
import com.centrovision.sync.demo.FreePorts;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.testing.Browser;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.CloudFile;
import com.centrovision.sync.testing.ConfigWith;
import com.centrovision.sync.testing.ConsoleClient;
import com.centrovision.sync.testing.DocumentedCode;
import com.centrovision.sync.testing.Receiver;
import com.centrovision.sync.testing.SharedLab;
import com.centrovision.sync.testing.Sides;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** The console's page in a real browser, as staff of a clinic use it. */
@EnabledIf("com.centrovision.sync.testing.Browser#isInstalled")
class PageIT {
    private static final String TOKEN = "clinic-token-0123456789";
    private static final String LEAD = "00000000-0000-0000-0000-00000000000a";
    private static final String OTHER = "00000000-0000-0000-0000-00000000000b";

    private static final String BUCKET = "estudios";

    /** A page of another origin, as an app's. */
    private static final Receiver ELSEWHERE = new Receiver();

    private static Browser browser;

    @TempDir
    Path folder;

    private final Lab lab = SharedLab.get();
    private final int port = FreePorts.next();
    private LabDatabase clinic;
    private ClinicService service;

    @BeforeAll
    static void openBrowser() {
        browser = Browser.open();
    }

    @AfterAll
    static void closeBrowser() {
        browser.close();
        ELSEWHERE.close();
    }

    @BeforeEach
    void open() {
        lab.resetCloud();
        lab.cloud()
                .execute(
                        """
                insert into crm_leads (name, phone, updated_at)
                select 'lead ' || n, n::text, now() - interval '1 day'
                from generate_series(1, 3232) n;
                insert into crm_leads (id, name, phone, updated_at)
                values ('%s', 'base', '1', now() - interval '1 day'), ('%s', 'base', '1', now() - interval '1 day');
                """
                                .formatted(LEAD, OTHER));
        lab.storage().createBucket(BUCKET);
        clinic = lab.newClinic();
        browser.forget();
    }

    private void start() {
        service = ClinicService.withConsole(
                ConfigWith.parts(
                        ClinicService.config(lab, clinic),
                        new Config.Console("0.0.0.0", port, Optional.of(TOKEN), Optional.empty())),
                "crm_leads");
    }

    @AfterEach
    void close() {
        if (service != null) {
            service.close();
        }
        lab.gateway().heal();
        lab.storage().shorten(0);
        lab.cloud().execute("alter table crm_leads drop constraint if exists named");
        CloudFile.restore(lab);
    }

    @Test
    void showsALoadAnOutageAndItsReturnLiveAndDecidesConflictsByClicking() {
        lab.gateway()
                .fault(Fault.holdAnswer()
                        .matching("GET", "crm_leads\\?select=\\*&order=id")
                        .after(1));
        start();
        browser.visit("http://127.0.0.1:" + port + "/");
        var app = openApp();
        assertApp(app, "Nube", "cloud");
        assertEquals("es", browser.find("html").getAttribute("lang"));
        browser.await("#tables tbody tr", "primera carga");
        browser.await("#tables tbody td:nth-of-type(2)", "00");
        browser.picture("first-load");
        lab.gateway().heal();
        browser.await("#tables tbody tr", "3,234");
        browser.await("#mode-name", "Nube");
        browser.await("#alerts", "No hay alertas");
        browser.await("#backups", "Los respaldos están apagados");
        browser.await("#files", "Los archivos no se sincronizan aquí");

        lab.gateway().fault(Fault.refuse());
        browser.await("#mode-name", "Solo el servidor de la clínica");
        assertApp(app, "Servidor de la clínica", "clinic");
        lab.cloud()
                .execute(
                        "update crm_leads set name = 'nube', phone = '22', updated_at = clock_timestamp() where name = 'base'");
        clinic.execute(
                "update crm_leads set name = 'clínica <b>', phone = '33', updated_at = clock_timestamp() + interval '1 s' "
                        + "where name = 'base'");
        browser.await("#figures", "Esperan subir\n2");
        browser.picture("outage");
        browser.assertAccessible();
        lab.gateway().heal();
        browser.await("#mode-name", "Nube");
        assertApp(app, "Nube", "cloud");
        await().until(() -> clinic.count("_conflicts") == 2);
        browser.await("#conflicts", "clínica");

        browser.click(conflictOf(LEAD));
        browser.write("#ask-person", "José Ñáñez");
        browser.click("#ask-yes");
        browser.await("#row-content", "● clínica <b>");
        browser.await("#row-text", "Quedó: clínica, por sync");
        assertEquals(2, lab.cloud().count("crm_leads where name = 'clínica <b>'"));
        browser.picture("conflict");
        browser.assertAccessible();
        browser.click("[data-keep=remote]");
        browser.write("#ask-reason", "la nube tiene razón");
        browser.click("#ask-yes");
        browser.await("#told", "quedó decidido");
        awaitBothSides(LEAD, "nube", "22");

        browser.click(conflictOf(OTHER));
        browser.click("[data-merge]");
        browser.click("[data-keep=merged]");
        browser.await("#row-told", "Elija en cada columna");
        browser.click("input[data-column=name][value=local]");
        browser.click("input[data-column=phone][value=remote]");
        browser.picture("merge");
        browser.assertAccessible();
        browser.click("[data-keep=merged]");
        browser.write("#ask-reason", "el teléfono es el de la nube");
        browser.click("#ask-yes");
        browser.await("#told", "quedó decidido");
        awaitBothSides(OTHER, "clínica <b>", "22");
        Sides.of(lab, clinic).assertEqual("crm_leads");
        browser.await("#audit", "José Ñáñez (127.0.0.1)");
        browser.await("#audit", "unió las dos versiones");
        browser.await("#line", "Con la nube el ");
        assertEquals(1, clinic.count("_sync_audit where action = 'view-conflict' and record_id = '" + LEAD + "'"));

        lab.cloud().execute("alter table crm_leads add constraint named check (name <> 'nadie')");
        clinic.execute("update crm_leads set name = 'nadie', updated_at = clock_timestamp() where id = '" + LEAD + "'");
        browser.await("#quarantine", "una regla de la tabla no permite un valor: corrija la fila");
        browser.click("[data-give-up]");
        browser.write("#ask-reason", "es una prueba");
        browser.picture("give-up");
        browser.click("#ask-yes");
        browser.await("#told", "se guarda como conflicto");
        browser.await("#quarantine", "No hay filas en cuarentena");
        browser.await("#conflicts", "se abandonó un cambio rechazado");
        awaitBothSides(LEAD, "nube", "22");

        acceptDeletesOfRows();
        goByKeyboard();
        clinic.execute("insert into _sync_audit (at, person, address, action, subject, outcome) "
                + "values ('2026-01-02 05:06:07Z', 'Hora', '::1', 'sync', '', 'x')");
        browser.press("[data-action=pause]", Keys.ENTER);
        browser.click("#ask-yes");
        assertTrue((Boolean) browser.run("return document.getElementById('ask').open"), "no reason was given");
        browser.write("#ask-reason", "mantenimiento");
        browser.press("#ask-reason", Keys.ENTER);
        browser.await("#mode-reason", "en pausa");
        browser.await("#audit", "01/01/2026, 23:06:07");
        browser.click("#language");
        browser.await("#mode-reason", "paused the sync");
        browser.picture("english");
        assertEquals(List.of(), browser.complaints());
    }

    /** As while the service starts: the browser itself gives such a stream up for good. */
    @Test
    void anAppListensAgainAfterAnAnswerThatWasNoStream() throws IOException {
        var asked = new CountDownLatch(1);
        var starting = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        starting.createContext("/", request -> {
            request.sendResponseHeaders(404, -1);
            request.close();
            asked.countDown();
        });
        starting.start();
        var app = openApp();
        await().until(() -> asked.getCount() == 0);
        starting.stop(0);

        lab.gateway().fault(Fault.refuse());
        start();

        assertApp(app, "Servidor de la clínica", "clinic");
    }

    /** The code for integrators, in a page of another origin; where it is. */
    private String openApp() {
        var console = browser.leaveFor(ELSEWHERE.address());
        browser.run(
                """
                window.indicator = {};
                window.database = '';
                window.cloud = 'cloud';
                window.readOnly = 'none';
                window.clinicServer = address => 'clinic';
                """
                        + DocumentedCode.of("docs/apps.md", "class ConnectionManager")
                                .replace("http://192.168.1.10:8087", "http://127.0.0.1:" + port));
        var app = browser.page();
        browser.switchTo(console);
        return app;
    }

    private void assertApp(String app, String shown, String database) {
        var console = browser.page();
        browser.switchTo(app);
        browser.awaitTrue("indicator.textContent === '%s' && database === '%s'".formatted(shown, database));
        browser.switchTo(console);
    }

    /** More rows than may go unasked are gone in the cloud: they go here when a person says so, and not before. */
    private void acceptDeletesOfRows() {
        lab.cloud().execute("delete from crm_leads where name like 'lead 10%'");
        browser.click("[data-action=sync]");
        browser.write("#ask-reason", "se limpió la lista");
        browser.click("#ask-yes");
        await().until(() -> clinic.count("_sync_metadata where guard is not null") == 1);
        assertEquals(3234, clinic.count("crm_leads"));
        browser.click("[data-table=crm_leads]");
        browser.click("[data-do=accept-deletes]");
        browser.write("#ask-reason", "son pruebas");
        browser.click("#ask-yes");
        browser.await("#row-told", "Hecho");
        await().until(() -> clinic.count("crm_leads where name like 'lead 10%'") == 0);
        assertEquals(3123, clinic.count("crm_leads"));
        Sides.of(lab, clinic).assertEqual("crm_leads");
        browser.type(Keys.ESCAPE);
        browser.awaitTrue("!document.getElementById('row').open");
        assertEquals(1, clinic.count("_sync_audit where action = 'accept-deletes' and reason = 'son pruebas'"));
    }

    /** A dialog keeps the keyboard until it ends, and gives it back to where it was, though the page went on meanwhile. */
    private void goByKeyboard() {
        browser.press("[data-table=crm_leads]", Keys.ENTER);
        browser.awaitTrue("document.getElementById('row').open");
        browser.run("window.button = document.querySelector('[data-table=crm_leads]')");
        for (int tab = 0; tab < 8; tab++) {
            browser.type(Keys.TAB);
            browser.awaitTrue("document.activeElement === document.body || document.activeElement.closest('#row')");
        }
        browser.press("#row [data-do=reload]", Keys.ENTER);
        browser.awaitTrue("document.activeElement.closest('#ask')");
        browser.assertAccessible();
        browser.type(Keys.ESCAPE);
        browser.awaitTrue("document.activeElement.dataset.do === 'reload'");
        browser.awaitTrue("!window.button.isConnected");
        browser.type(Keys.ESCAPE);
        browser.awaitTrue(
                "!document.getElementById('row').open && document.activeElement.dataset.table === 'crm_leads'");
        assertEquals(0, clinic.count("_sync_audit where action = 'reload'"));
    }

    private String conflictOf(String row) {
        var id = clinic.value("select id from _conflicts where record_id = '" + row + "'")
                .orElseThrow();
        return "[data-conflict='" + id + "']";
    }

    private void awaitBothSides(String row, String name, String phone) {
        var there = "crm_leads where id = '%s' and name = '%s' and phone = '%s'".formatted(row, name, phone);
        await().until(() -> clinic.count("_sync_pending where not synced") == 0
                && lab.cloud().count(there) == 1
                && clinic.count(there) == 1);
    }

    @Test
    void asksForTheTokenElsewhereAndShowsBackupsAndFilesOnAPhone() throws IOException {
        CloudFile.remove(lab); // with the functions the table's own route asks for no page that could be traced
        for (int file = 0; file < 8; file++) {
            lab.storage().put(BUCKET, "f" + file + ".jpg", new byte[200_000]);
        }
        lab.storage().put(BUCKET, "Zoila Grande.mp4", new byte[1_200_000]);
        startWithEverything();
        var address = ConsoleClient.addressInNetwork().orElseThrow();
        browser.size(390, 840);
        browser.visit("http://" + address + ":" + port + "/");
        browser.await("label", "Clave");
        browser.assertAccessible();
        browser.write("#token", "wrong");
        browser.click("button[type=submit]");
        browser.await("#wrong", "no es correcta");
        browser.picture("log-in");
        browser.complaints();
        browser.write("#token", TOKEN);
        browser.click("button[type=submit]");
        browser.await("#mode-name", "Nube");
        browser.await("#tables tbody tr", "3,234");
        await().until(() -> inFolder() == 8);
        clinic.execute(
                "set session_replication_role = replica; insert into study_files (id, study_id, storage_path, mime_type, size_bytes) "
                        + "select gen_random_uuid(), gen_random_uuid(), name, 'image/jpeg', 1 from unnest(array['f1.jpg', 'x.jpg']) name");

        browser.run("location.reload()");
        browser.await("#files", "(study_files) que están aquí: 1; que faltan: 1.");
        browser.await("#files tbody tr", "estudios 8 1.6 MB");
        var tooLong = folder.resolve("files").resolve(BUCKET).resolve(("n".repeat(250) + "/").repeat(4));
        Files.writeString(Files.createDirectories(tooLong).resolve("x.txt"), "x");
        browser.await("#files", "Archivos de la carpeta que no pueden subir como están: 1.");
        browser.click("[data-summary=files]");
        browser.await("#files details", "es más grande que storage.max_file_mb");
        assertFalse(browser.text("#files").contains("Zoila"));
        browser.click("[data-file-name]");
        browser.write("#ask-person", "Ana");
        browser.click("#ask-yes");
        browser.await("#row-content", "Zoila Grande.mp4");
        browser.assertAccessible();
        browser.type(Keys.ESCAPE);
        browser.await("#backups", "No hay un respaldo comprobado de las últimas 26 horas");
        browser.await("#backups tbody tr:nth-of-type(1)", "no (CV-BACKUP-08)");
        browser.await("#backups tbody tr:nth-of-type(2)", "2.5 MB 1,234,567 diario sí no");
        browser.await("#backups tbody tr:nth-of-type(3)", "sí sí");
        browser.assertAccessible();
        assertEquals(
                true,
                browser.run("return document.documentElement.scrollWidth <= document.documentElement.clientWidth"));
        browser.picture("phone");
        browser.run("document.getElementById('backups-title').scrollIntoView()");
        browser.picture("phone-backups");
        browser.run("document.getElementById('files-title').scrollIntoView()");
        browser.picture("phone-files");
        actOnBackupsAndFiles();
        assertEquals(List.of(), complaints());

        browser.size(1280, 900);
        browser.run("document.getElementById('backups-title').scrollIntoView()");
        browser.picture("backups-and-files");
        fetchAFileAsAnApp("http://" + address + ":" + port);
        lookWithHawtio("http://" + address + ":" + port);
        browser.visit("http://" + address + ":" + port + "/");
        browser.await("#mode-name", "Nube");
        browser.click("#logout");
        browser.await("label", "Clave");
        assertEquals(List.of(), complaints());
    }

    private void startWithEverything() throws IOException {
        var respaldos = folder.resolve("respaldos");
        var disk = Files.createDirectories(folder.resolve("disco"));
        fakeBackup(respaldos, Duration.ofHours(2), false);
        fakeBackup(respaldos, Duration.ofHours(30), true);
        var copied = fakeBackup(respaldos, Duration.ofDays(3), true);
        Files.copy(copied, disk.resolve(copied.getFileName()));
        service = ClinicService.withConsole(
                ConfigWith.parts(
                        ClinicService.config(lab, clinic),
                        new Config.Backup(
                                List.of(AgeKeys.make().publicKey()),
                                respaldos,
                                Optional.of(disk),
                                1,
                                new Config.Retention(7, 4, 12, 5),
                                Duration.ofHours(26),
                                Optional.of(Files.createDirectories(folder.resolve("programs")))),
                        new Config.Console(
                                "0.0.0.0", port, Optional.of(TOKEN), Optional.empty(), Config.Inspection.OPERATE),
                        new Config.Storage(
                                true,
                                List.of(BUCKET),
                                folder.resolve("files"),
                                Duration.ofSeconds(1),
                                0,
                                Optional.empty(),
                                1,
                                30)),
                "crm_leads",
                "study_files");
    }

    private static Path fakeBackup(Path place, Duration age, boolean proved) throws IOException {
        var name = "centrovision-"
                + DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'")
                        .withZone(ZoneOffset.UTC)
                        .format(Instant.now().minus(age))
                + ".dump.age";
        Files.createDirectories(place);
        Files.writeString(
                place.resolve(name + ".json"),
                "{\"proved\": %s, \"problem\": \"%s\", \"contents\": {\"patients\": \"1234567/x\"}}"
                        .formatted(proved, proved ? "" : "CV-BACKUP-08"));
        return Files.write(place.resolve(name), new byte[2_500_000]);
    }

    private long inFolder() throws IOException {
        var bucket = folder.resolve("files").resolve(BUCKET);
        if (!Files.isDirectory(bucket)) {
            return 0;
        }
        try (var files = Files.list(bucket)) {
            return files.filter(file -> file.toString().endsWith(".jpg")).count();
        }
    }

    private void actOnBackupsAndFiles() {
        await().until(() -> clinic.count("_sync_log where direction = 'BACKUP'") == 1); // the service's own first try
        browser.click("[data-backup=now]");
        browser.await("#ask-text", "se prueba restaurándolo aparte");
        browser.write("#ask-reason", "antes de actualizar");
        browser.click("#ask-yes");
        browser.await("#told", "El respaldo empezó");
        await().until(() -> clinic.count("_sync_log where direction = 'BACKUP'") == 2);
        browser.await("#backups", "Falta pg_dump en este equipo");
        assertEquals(1, clinic.count("_sync_audit where action = 'backup' and reason = 'antes de actualizar'"));

        lab.storage().shorten(100);
        lab.storage().put(BUCKET, "short.jpg", new byte[3000]);
        await().until(() -> clinic.count("_sync_files where code = 'wrong-content' and attempts > 0") == 1);
        browser.run("location.reload()");
        browser.click("[data-summary=files]");
        browser.await("#files details", "lo que llegó no estaba completo");
        lab.storage().shorten(0);
        browser.click("[data-file-again]");
        browser.write("#ask-reason", "el cable");
        browser.click("#ask-yes");
        await().until(() -> inFolder() == 9);

        for (var name : lab.storage().names(BUCKET)) {
            lab.storage().remove(BUCKET, name);
        }
        browser.await("#files", "archivos ya no están en la nube");
        assertEquals(9, inFolderNow());
        browser.click("[data-wish=accept-deletes]");
        browser.write("#ask-reason", "se cambió de bucket");
        browser.picture("phone-accept-files");
        browser.click("#ask-yes");
        await().until(() -> inFolder() == 0);
        browser.await("#audit", "aceptó archivos borrados");
        assertEquals(
                4,
                clinic.count("_sync_audit where person = 'Ana' and action in "
                        + "('view-file-name', 'backup', 'retry-file', 'accept-file-deletes')"));
    }

    private long inFolderNow() {
        try {
            return inFolder();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private void fetchAFileAsAnApp(String server) {
        lab.storage().put(BUCKET, "año.jpg".replace("ñ", "=C3=B1"), new byte[3000]);
        await().until(() -> inFolder() == 1);
        var console = browser.leaveFor(ELSEWHERE.address());
        var shown = browser.runAsync(
                "const server = '%s', token = '%s', name = 'año.jpg', image = {};\n".formatted(server, TOKEN)
                        + DocumentedCode.of("docs/apps.md", "const answer = await fetch")
                        + "\n return answer.status + image.src;");
        assertTrue(shown.toString().startsWith("200blob:"), shown.toString());
        browser.backTo(console);
    }

    private void lookWithHawtio(String server) {
        browser.visit(server + "/hawtio/");
        browser.clickOn("down");
        browser.clickOn("crm_leads-down");
        browser.await("body", "ExchangesTotal");
        browser.clickOn("Route Diagram");
        browser.await(".react-flow__node", "");
        browser.picture("hawtio");
        browser.clickOn("Trace");
        browser.clickOn("Start Tracing");
        browser.await(".react-flow__node", "");
        browser.await("body", "Stop Tracing");
        browser.awaitTrue(
                """
                (document.querySelector('#trace-content .react-flow__node')
                  ?.dispatchEvent(new MouseEvent('click', { bubbles: true })),
                document.querySelector('#route-message-table tbody').textContent.includes('page-ends'))""");
        lab.cloud()
                .execute("update crm_leads set name = 'Zoila Marcada', updated_at = clock_timestamp() where id = '%s'"
                        .formatted(LEAD));
        await().until(() -> clinic.count("crm_leads where name = 'Zoila Marcada'") == 1);
        browser.picture("hawtio-trace");
        assertFalse(browser.text("body").contains("Zoila"));
        assertEquals(List.of(), browser.complaints());
    }

    /** Where nobody is logged in, it is the answer that was asked for. */
    private List<String> complaints() {
        return browser.complaints().stream()
                .filter(complaint -> !complaint.contains("401 (Unauthorized)"))
                .toList();
    }
}
