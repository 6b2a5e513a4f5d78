package com.centrovision.sync.up;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.centrovision.sync.config.CloudMode;
import com.centrovision.sync.demo.Fault;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.runtime.SyncService;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.CloudFile;
import com.centrovision.sync.testing.Rule;
import com.centrovision.sync.testing.ServiceHome;
import com.centrovision.sync.testing.SharedLab;
import com.centrovision.sync.testing.Sides;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Protocol 4.4.9: a delete of the clinic takes no row of the cloud along that the clinic did not delete itself. */
class TakenAlongIT {
    private static final String ID = "00000000-0000-0000-0000-%012d";
    private static final String[] TABLES = {
        "patients", "invoices", "invoice_items", "branches", "profiles", "user_branches", "user_roles"
    };
    private static final String ANOTHER_ITEM =
            "insert into invoice_items (id, invoice_id, description) values ('%s', '%s', 'gotas')"
                    .formatted(ID.formatted(9), ID.formatted(1));
    private static final Lab LAB = SharedLab.get();

    private LabDatabase clinic;
    private ClinicService service;

    @TempDir
    private Path folder;

    @BeforeAll
    static void runTheFile() {
        CloudFile.install(LAB);
    }

    @AfterAll
    static void leaveAsFound() {
        CloudFile.restore(LAB);
    }

    @BeforeEach
    void threeInvoicesWithAnItemEach() {
        LAB.resetCloud();
        clinic = LAB.newClinic();
        LAB.cloud()
                .execute(
                        """
                        insert into patients (id, first_name, last_name) values ('%1$s', 'Ana', 'Paz'), ('%2$s', 'Eva', 'Rey');
                        insert into invoices (id, patient_id, status) values
                          ('%1$s', '%1$s', 'uno'), ('%2$s', '%1$s', 'dos'), ('%3$s', '%1$s', 'tres');
                        insert into invoice_items (id, invoice_id, description) values
                          ('%1$s', '%1$s', 'lentes'), ('%2$s', '%2$s', 'lentes'), ('%3$s', '%3$s', 'lentes')
                        """
                                .formatted(ID.formatted(1), ID.formatted(2), ID.formatted(3)));
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private void start(CloudMode way, String strategyOfItems) throws IOException, InterruptedException {
        var home = ServiceHome.in(folder);
        for (var table : TABLES) {
            home.table(table, "conflicts", table.equals("invoice_items") ? strategyOfItems : "last-write-wins");
        }
        var config = ClinicService.withMode(ClinicService.config(LAB, clinic), way);
        service = ClinicService.start(folder, config, SyncService.Mode.ON_DEMAND);
        passMakesEqual();
    }

    private void passMakesEqual() throws InterruptedException {
        var result = service.pass();
        assertEquals(ExitCode.OK, result.exitCode(), result::toString);
        Sides.of(LAB, clinic).assertEqual(TABLES);
    }

    /** While the service does not look, as in an outage. */
    private void bothSidesWork(String inTheClinic, String inTheCloud) {
        LAB.gateway().fault(Fault.refuse());
        clinic.execute(inTheClinic);
        LAB.cloud().execute(inTheCloud);
        LAB.gateway().heal();
    }

    private static List<Map<String, Object>> invoices() {
        return LAB.cloud().query("select status from invoices order by id");
    }

    @ParameterizedTest
    @EnumSource(names = {"REST", "ASSISTED"})
    @Rule({"4.4.9", "1.1"})
    void whatTheCloudAddedToADeletedRowBringsThatBack(CloudMode way) throws IOException, InterruptedException {
        start(way, "last-write-wins");

        bothSidesWork("delete from invoices where status in ('uno', 'dos')", ANOTHER_ITEM);
        service.pass();
        passMakesEqual();

        assertEquals(1, clinic.count("invoice_items where description = 'gotas'"));
        assertEquals(List.of(Map.of("status", "uno"), Map.of("status", "tres")), invoices());
        assertEquals(
                1,
                clinic.count(
                        "_conflicts where table_name = 'invoices' and kind = 'delete_update' and winner = 'remote'"
                                + " and base ->> 'status' = 'uno' and local_data is null and remote_data ->> 'status' = 'uno'"));
        assertEquals(1, clinic.count("_conflicts"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "insert into user_roles (user_id, role) values ('%1$s', 'doctor')",
                "insert into user_branches (user_id, branch_id) values ('%1$s', '%2$s')"
            })
    @Rule({"4.4.9", "1.1"})
    void allTablesThatReferToARowAreAsked(String addition) throws IOException, InterruptedException {
        LAB.cloud()
                .execute("insert into branches (id, code, name) values ('%1$s', 'C', 'Centro');"
                                .formatted(ID.formatted(5))
                        + "insert into profiles (id, full_name, email) values ('%1$s', 'Ana', 'a@x.hn'), ('%2$s', 'Eva', 'e@x.hn')"
                                .formatted(ID.formatted(6), ID.formatted(7)));
        start(CloudMode.REST, "last-write-wins");

        bothSidesWork("delete from profiles", addition.formatted(ID.formatted(6), ID.formatted(5)));
        service.pass();
        passMakesEqual();

        assertEquals(List.of(Map.of("full_name", "Ana")), LAB.cloud().query("select full_name from profiles"));
        assertEquals(1, clinic.count("user_roles") + clinic.count("user_branches"));
    }

    @ParameterizedTest
    @EnumSource(names = {"REST", "ASSISTED"})
    @Rule({"4.4.9", "1.1"})
    void whatTheCloudChangedInADeletedRowsChildBringsBothBack(CloudMode way) throws IOException, InterruptedException {
        start(way, "last-write-wins");

        bothSidesWork(
                "delete from invoices where status = 'uno'",
                "update invoice_items set description = 'cambiado' where id = '" + ID.formatted(1) + "'");
        service.pass();
        passMakesEqual();

        assertEquals(1, clinic.count("invoice_items where description = 'cambiado'"));
        assertEquals(3, clinic.count("invoices"));
        assertEquals(2, clinic.count("_conflicts where winner = 'remote'"));
    }

    @Test
    @Rule({"4.4.9", "4.2.7"})
    void whatTheCloudAddsWhileTheDeleteIsOnItsWayBringsTheRowBack() throws IOException, InterruptedException {
        start(CloudMode.REST, "last-write-wins");
        LAB.gateway()
                .fault(Fault.delay(Duration.ofSeconds(3))
                        .matching("DELETE", "/invoices")
                        .times(1));

        clinic.execute("delete from invoices where status = 'uno'");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> LAB.gateway().count("DELETE", "/rest/v1/invoice_items") == 1);
        await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
        LAB.cloud().execute(ANOTHER_ITEM);
        service.pass();
        passMakesEqual();

        assertEquals(1, LAB.gateway().count("DELETE", "/rest/v1/invoices"));
        assertEquals(1, LAB.cloud().count("invoice_items where description = 'gotas'"));
        assertEquals(3, clinic.count("invoices"));
    }

    @Test
    @Rule({"4.4.9", "3.2.1"})
    void whereTheAnswerIsCutShortWhatIsBehindItWaits() throws IOException, InterruptedException {
        start(CloudMode.REST, "last-write-wins");

        bothSidesWork(
                "delete from invoices",
                "insert into invoice_items (invoice_id, description) select '" + ID.formatted(1)
                        + "', 'gotas' from generate_series(1, 1500);"
                        + "insert into invoice_items (invoice_id, description) values ('" + ID.formatted(3)
                        + "', 'gotas')");
        service.pass();
        service.pass();
        passMakesEqual();

        assertEquals(1501, LAB.cloud().count("invoice_items"));
        assertEquals(List.of(Map.of("status", "uno"), Map.of("status", "tres")), invoices());
    }

    @ParameterizedTest
    @EnumSource(names = {"REST", "ASSISTED"})
    @Rule({"4.4.9", "4.2.3"})
    void whatTheClinicDeletedWithItsChildrenGoesInOnePass(CloudMode way) throws IOException, InterruptedException {
        start(way, "last-write-wins");

        clinic.execute("delete from invoices");
        passMakesEqual();

        assertEquals(0, LAB.cloud().count("invoices"));
        assertEquals(0, LAB.cloud().count("invoice_items"));
        assertEquals(0, clinic.count("_conflicts"));
        assertEquals(0, clinic.count("_sync_quarantine"));
    }

    @ParameterizedTest
    @EnumSource(names = {"REST", "ASSISTED"})
    @Rule({"4.4.9", "4.2.3"})
    void manyAreAskedAboutInQuestionsOfAnOrdinaryLength(CloudMode way) throws IOException, InterruptedException {
        LAB.cloud().execute("insert into invoices (status) select 'muchas' from generate_series(1, 600)");
        start(way, "last-write-wins");
        LAB.gateway().clearLog();

        clinic.execute("delete from invoices");
        passMakesEqual();

        assertEquals(0, LAB.cloud().count("invoices"));
        assertEquals(
                List.of(),
                LAB.gateway().requests().stream()
                        .filter(request -> request.path().length() > 5000)
                        .toList());
    }

    @ParameterizedTest
    @EnumSource(names = {"REST", "ASSISTED"})
    @Rule({"4.4.9", "4.4.7"})
    void whatAPersonHasToDecideAboutIsNotTakenAlong(CloudMode way) throws IOException, InterruptedException {
        start(way, "manual");

        bothSidesWork(
                "delete from invoices where status = 'uno'",
                "update invoice_items set description = 'cambiado' where id = '" + ID.formatted(1) + "'");
        service.pass();
        service.pass();

        assertEquals(1, LAB.cloud().count("invoice_items where description = 'cambiado'"));
        assertEquals(3, LAB.cloud().count("invoices"));
        assertEquals(1, clinic.count("_conflicts"));

        clinic.query("select sync_settle(id, 'local', 'prueba', null, null)::text from _conflicts");
        service.pass();
        passMakesEqual();

        assertEquals(2, LAB.cloud().count("invoices"));
        assertEquals(2, LAB.cloud().count("invoice_items"));
    }

    @ParameterizedTest
    @EnumSource(names = {"REST", "ASSISTED"})
    @Rule({"4.4.9", "4.2.4"})
    void aRowThatWasDeletedAndMadeAgainIsNotDeletedInTheCloud(CloudMode way) throws IOException, InterruptedException {
        start(way, "last-write-wins");

        bothSidesWork(
                "delete from invoices where status = 'uno';"
                        + "insert into invoices (id, patient_id, status) values ('%s', '%s', 'otra vez')"
                                .formatted(ID.formatted(1), ID.formatted(2)),
                ANOTHER_ITEM + "; delete from patients where id = '" + ID.formatted(2) + "'");
        for (int pass = 0; pass < 8; pass++) {
            service.pass();
        }

        assertEquals(1, LAB.cloud().count("invoice_items where description = 'gotas'"));
        assertEquals(1, clinic.count("_sync_quarantine where code = '23503'"));

        LAB.cloud()
                .execute("insert into patients (id, first_name, last_name) values ('" + ID.formatted(2)
                        + "', 'Eva', 'Rey')");
        service.pass();
        passMakesEqual();

        assertEquals(1, LAB.cloud().count("invoices where status = 'otra vez'"));
        assertEquals(1, clinic.count("invoice_items where description = 'gotas'"));
    }
}
