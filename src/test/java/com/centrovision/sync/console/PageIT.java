package com.centrovision.sync.console;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.config.Config;
import com.centrovision.sync.demo.Fault;
import com.centrovision.sync.demo.FreePorts;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.testing.Browser;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.ConsoleClient;
import com.centrovision.sync.testing.SharedLab;
import com.centrovision.sync.testing.Sides;
import java.net.SocketException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.openqa.selenium.Keys;

/** The console's page in a real browser, as staff of a clinic use it. */
@EnabledIf("com.centrovision.sync.testing.Browser#isInstalled")
class PageIT {
    private static final String TOKEN = "clinic-token-0123456789";
    private static final String LEAD = "00000000-0000-0000-0000-00000000000a";
    private static final String OTHER = "00000000-0000-0000-0000-00000000000b";

    private static Browser browser;

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
        clinic = lab.newClinic();
        browser.forget();
    }

    private void start() {
        service = ClinicService.withConsole(
                ClinicService.config(lab, clinic),
                new Config.Console("0.0.0.0", port, Optional.of(TOKEN), Optional.empty()),
                "crm_leads");
    }

    @AfterEach
    void close() {
        if (service != null) {
            service.close();
        }
        lab.gateway().heal();
        lab.cloud().execute("alter table crm_leads drop constraint if exists named");
    }

    @Test
    void showsALoadAnOutageAndItsReturnLiveAndDecidesConflictsByClicking() {
        lab.gateway()
                .fault(Fault.holdAnswer()
                        .matching("GET", "crm_leads\\?select=\\*&order=id")
                        .after(1));
        start();
        browser.visit("http://127.0.0.1:" + port + "/");
        assertEquals("es", browser.find("html").getAttribute("lang"));
        browser.await("#tables tbody tr", "primera carga");
        browser.await("#tables tbody td:nth-of-type(2)", "00");
        browser.picture("first-load");
        lab.gateway().heal();
        browser.await("#tables tbody tr", "3,234");
        browser.await("#mode-name", "Nube");

        lab.gateway().fault(Fault.refuse());
        browser.await("#mode-name", "Solo el servidor de la clínica");
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

        browser.press("[data-action=pause]", Keys.ENTER);
        browser.click("#ask-yes");
        assertTrue((Boolean) browser.run("return document.getElementById('ask').open"), "no reason was given");
        browser.write("#ask-reason", "mantenimiento");
        browser.press("#ask-reason", Keys.ENTER);
        browser.await("#mode-reason", "en pausa");
        browser.click("#language");
        browser.await("#mode-reason", "paused the sync");
        browser.picture("english");
        assertEquals(List.of(), browser.complaints());
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
    void asksForTheTokenElsewhereAndFitsAPhone() throws SocketException {
        start();
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
        browser.await("#alerts", "No hay alertas");
        browser.assertAccessible();
        assertEquals(
                true,
                browser.run("return document.documentElement.scrollWidth <= document.documentElement.clientWidth"));
        browser.picture("phone");
        assertEquals(List.of(), complaints());

        browser.size(1280, 900);
        browser.visit("http://" + address + ":" + port + "/hawtio/");
        browser.clickOn("down");
        browser.clickOn("crm_leads-down");
        browser.await("body", "ExchangesTotal");
        browser.clickOn("Route Diagram");
        browser.await(".react-flow__node", "");
        browser.picture("hawtio");
        assertEquals(List.of(), browser.complaints());
        browser.visit("http://" + address + ":" + port + "/");
        browser.click("#logout");
        browser.await("label", "Clave");
        assertEquals(List.of(), complaints());
    }

    /** Where nobody is logged in, it is the answer that was asked for. */
    private List<String> complaints() {
        return browser.complaints().stream()
                .filter(complaint -> !complaint.contains("401 (Unauthorized)"))
                .toList();
    }
}
