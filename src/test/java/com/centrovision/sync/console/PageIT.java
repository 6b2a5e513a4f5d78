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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** The console's page in a real browser, as staff of a clinic use it. */
@EnabledIf("com.centrovision.sync.testing.Browser#isInstalled")
class PageIT {
    private static final String TOKEN = "clinic-token-0123456789";
    private static final String LEAD = "00000000-0000-0000-0000-00000000000a";

    private final Lab lab = SharedLab.get();
    private final int port = FreePorts.next();
    private LabDatabase clinic;
    private ClinicService service;
    private Browser browser;

    @BeforeEach
    void open() {
        lab.resetCloud();
        lab.cloud()
                .execute(
                        """
                insert into crm_leads (name, phone, updated_at)
                select 'lead ' || n, n::text, now() - interval '1 day'
                from generate_series(1, 1233) n;
                insert into crm_leads (id, name, phone, updated_at)
                values ('%s', 'base', '1', now() - interval '1 day');
                """
                                .formatted(LEAD));
        clinic = lab.newClinic();
        service = ClinicService.withConsole(
                ClinicService.config(lab, clinic),
                new Config.Console("0.0.0.0", port, Optional.of(TOKEN), Optional.empty()),
                "crm_leads");
        browser = Browser.open();
    }

    @AfterEach
    void close() {
        browser.close();
        service.close();
        lab.gateway().heal();
    }

    @Test
    void showsALoadAnOutageAndItsReturnLiveAndDecidesAConflictByClicking() {
        browser.visit("http://127.0.0.1:" + port + "/");
        browser.await("#mode-name", "Nube");
        browser.await("#tables tbody tr", "1,234");
        browser.await("#figures", "Bajaron hoy");
        assertEquals("es", browser.find("html").getAttribute("lang"));

        lab.gateway().fault(Fault.refuse());
        browser.await("#mode-name", "Solo el servidor de la clínica");
        lab.cloud()
                .execute(
                        "update crm_leads set name = 'nube', updated_at = clock_timestamp() where id = '" + LEAD + "'");
        clinic.execute(
                "update crm_leads set name = 'clínica <b>', updated_at = clock_timestamp() + interval '1 s' where id = '"
                        + LEAD + "'");
        browser.picture("outage");
        browser.assertAccessible();
        lab.gateway().heal();
        browser.await("#mode-name", "Nube");

        browser.click("[data-conflict]");
        browser.write("#ask-person", "José Ñáñez");
        browser.click("#ask-yes");
        browser.await("#row-content", "● clínica <b>");
        browser.await("#row-text", "Quedó: clínica, por sync");
        assertEquals(1, lab.cloud().count("crm_leads where name = 'clínica <b>'"));
        browser.picture("conflict");
        browser.assertAccessible();
        browser.click("[data-keep=remote]");
        browser.write("#ask-reason", "la nube tiene razón");
        browser.click("#ask-yes");
        browser.await("#told", "quedó decidido");
        await().until(() -> clinic.count("_sync_pending where not synced") == 0
                && lab.cloud().count("crm_leads where name = 'nube'") == 1
                && clinic.count("crm_leads where name = 'nube'") == 1);
        Sides.of(lab, clinic).assertEqual("crm_leads");
        browser.await("#audit", "José Ñáñez (127.0.0.1)");
        assertEquals(1, clinic.count("_sync_audit where action = 'view-conflict' and record_id = '" + LEAD + "'"));

        browser.click("[data-action=pause]");
        browser.click("#ask-yes");
        assertTrue((Boolean) browser.run("return document.getElementById('ask').open"), "no reason was given");
        browser.write("#ask-reason", "mantenimiento");
        browser.click("#ask-yes");
        browser.await("#mode-reason", "en pausa");
        browser.click("#language");
        browser.await("#mode-reason", "paused the sync");
        browser.picture("english");
        assertEquals(List.of(), browser.complaints());
    }

    @Test
    void asksForTheTokenElsewhereAndFitsAPhone() throws SocketException {
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
        browser.await("#tables tbody tr", "1,234");
        browser.await("#alerts", "No hay alertas");
        browser.assertAccessible();
        assertEquals(
                true,
                browser.run("return document.documentElement.scrollWidth <= document.documentElement.clientWidth"));
        browser.picture("phone");
        browser.click("#logout");
        browser.await("label", "Clave");
        var complaints = browser.complaints().stream()
                .filter(complaint -> !complaint.contains("401 (Unauthorized)"))
                .toList();
        assertEquals(List.of(), complaints);
    }
}
