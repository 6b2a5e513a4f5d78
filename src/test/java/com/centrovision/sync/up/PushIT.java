package com.centrovision.sync.up;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.config.CloudMode;
import com.centrovision.sync.demo.Fault;
import com.centrovision.sync.demo.GatewayRequest;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.CloudFile;
import com.centrovision.sync.testing.Rule;
import com.centrovision.sync.testing.SharedLab;
import com.centrovision.sync.testing.Sides;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Protocol 4.2 to 4.5 where the cloud has the optional functions: a chunk goes up as one request, and loses nothing. */
class PushIT {
    private static final String PUSH = "/rest/v1/rpc/sync_push";
    private static final String[] TABLES = {"branches", "crm_leads", "crm_pipelines", "crm_pipeline_stages", "invoices"
    };

    private final Lab lab = SharedLab.get();
    private LabDatabase clinic;
    private ClinicService service;

    @BeforeAll
    static void runTheFile() {
        CloudFile.install(SharedLab.get());
    }

    @AfterAll
    static void leaveTheCloudAsItWas() {
        CloudFile.restore(SharedLab.get());
    }

    @BeforeEach
    void aHundredLeads() {
        lab.resetCloud();
        clinic = lab.newClinic();
        lab.cloud()
                .execute(
                        """
                        insert into crm_leads (name, phone)
                        select 'uno ' || lpad(i::text, 3, '0'), '1' from generate_series(1, 100) i
                        """);
    }

    @AfterEach
    void stop() {
        service.close();
        Meddling.end(lab.cloud());
        lab.cloud()
                .execute(
                        """
                        alter table crm_pipelines drop column if exists first_stage_id;
                        alter table branches drop constraint if exists name_once
                        """);
        lab.reloadCloudSchema();
    }

    private void start() throws InterruptedException {
        service = ClinicService.onDemand(lab, clinic, CloudMode.ASSISTED, TABLES);
        assertEquals(ExitCode.OK, service.pass().exitCode());
        lab.gateway().clearLog();
    }

    private void startWith(String both) throws InterruptedException {
        lab.cloud().execute(both);
        clinic.execute(both);
        lab.reloadCloudSchema();
        start();
    }

    private void passMakesEqual() throws InterruptedException {
        var result = service.pass();
        assertEquals(ExitCode.OK, result.exitCode(), result::toString);
        Sides.of(lab, clinic).assertEqual(TABLES);
        assertEquals(0, clinic.count("_sync_quarantine"));
    }

    private void allArrives() {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            assertEquals(List.of(), clinic.query("select table_name, error from _sync_pending where not synced"));
            Sides.of(lab, clinic).assertEqual(TABLES);
        });
    }

    private long pushes() {
        return lab.gateway().count("POST", PUSH);
    }

    private List<GatewayRequest> rowByRow() {
        return lab.gateway().requests().stream()
                .filter(request ->
                        request.method().equals("PATCH") || request.method().equals("DELETE"))
                .toList();
    }

    private int tries() {
        return clinic.query("select from _sync_pending where retry_count > 0").size();
    }

    @Test
    @Rule("4.2.7")
    void aHundredUpdatesAreOneRequest() throws InterruptedException {
        start();
        clinic.execute("update crm_leads set phone = '2'");

        await().until(() ->
                lab.cloud().query("select from crm_leads where phone = '2'").size() == 100);
        var requests = lab.gateway().requests().stream()
                .filter(request -> request.isWrite() || request.path().contains("id=in."))
                .map(GatewayRequest::method)
                .toList();

        assertEquals(List.of("POST"), requests);
        passMakesEqual();
        assertEquals(0, clinic.count("_conflicts"));

        clinic.execute("delete from crm_leads");

        passMakesEqual();
        assertEquals(0, lab.cloud().count("crm_leads"));
        assertEquals(2, pushes());
        assertEquals(List.of(), rowByRow());
    }

    @Test
    @Rule({"1.5", "4.2.7", "4.5.4", "4.4.3"})
    void oneRowThatMovedOneThatIsRefusedAndOneThatIsHeldStopOnlyThemselves() throws Exception {
        start();
        Meddling.withUpdates(
                lab.cloud(),
                "crm_leads",
                "if new.phone = 'malo' then raise exception 'no' using constraint = 'no_malo'; end if;");
        lab.cloud().execute("update crm_leads set name = 'nube' where name = 'uno 001'");
        lab.gateway().fault(Fault.holdRequest().matching("POST", PUSH));
        clinic.execute(
                """
                update crm_leads set phone = case name when 'uno 003' then 'malo' else '2' end, name = 'clínica ' || name
                """);
        await().until(() -> lab.gateway().held() == 1);
        lab.cloud().execute("update crm_leads set name = 'nube' where name = 'uno 002'");
        try (var program = holdALead("uno 004")) {
            lab.gateway().heal();

            await().until(() -> lab.cloud()
                            .query("select from crm_leads where phone = '2' and name like 'clínica%'")
                            .size()
                    >= 96);
            await().until(() -> clinic.count("_conflicts") == 2);
            await().until(() -> clinic.count("_sync_quarantine") == 1);
            assertEquals(
                    List.of("clínica uno 003", "clínica uno 004"),
                    clinic
                            .query(
                                    """
                                    select data ->> 'name' as name from _sync_pending
                                    where not synced and data ->> 'name' in ('clínica uno 003', 'clínica uno 004') order by 1
                                    """)
                            .stream()
                            .map(row -> row.get("name"))
                            .toList());
            assertEquals(
                    0,
                    clinic.value("select retry_count from _sync_pending where data ->> 'name' = 'clínica uno 004'")
                            .orElseThrow(),
                    "a row that somebody holds counts no try");
            program.rollback();
        }

        assertEquals(
                "P0001",
                clinic.value("select code from _sync_quarantine where reason like '%(rule no_malo)%'")
                        .orElseThrow());
        Meddling.end(lab.cloud());
        passMakesEqual();
        assertEquals(2, clinic.count("_conflicts"));
        assertEquals(List.of(), rowByRow());
    }

    private java.sql.Connection holdALead(String name) throws SQLException {
        var program = lab.cloud().connect();
        program.setAutoCommit(false);
        try (var statement = program.createStatement()) {
            statement.execute("select from crm_leads where name = '" + name + "' for update");
        }
        return program;
    }

    @Test
    @Rule({"4.3.2", "4.5.1"})
    void answersThatAreLostCutOrNotTheCloudsDoNoHarm() throws InterruptedException {
        start();
        lab.cloud().execute("create table seen (id uuid); grant insert on seen to service_role");
        try {
            Meddling.withUpdates(lab.cloud(), "crm_leads", "insert into seen values (new.id);");
            lab.gateway().fault(Fault.loseAnswer().matching("POST", PUSH).times(1));
            lab.gateway().fault(Fault.cutAfterBytes(2000).matching("POST", PUSH).times(1));
            clinic.execute("update crm_leads set phone = '2'");
            allArrives();
            lab.gateway().fault(Fault.status(502).matching("POST", PUSH).times(1));
            lab.gateway().fault(Fault.captivePortal().matching("POST", PUSH).times(1));
            clinic.execute("update crm_leads set phone = '3'");
            allArrives();

            assertEquals(200, lab.cloud().count("seen"), "each change is made once");
        } finally {
            Meddling.end(lab.cloud());
            lab.cloud().execute("drop table seen");
        }
        assertEquals(0, clinic.count("_conflicts"));
        assertEquals(0, tries());
        assertEquals(List.of(), rowByRow());
    }

    @Test
    @Rule({"1.5", "4.5.4"})
    void aRowThatTheDatabaseCannotFinishIsFoundByHalvesAndTheOthersArrive() throws InterruptedException {
        start();
        Meddling.withUpdates(
                lab.cloud(),
                "crm_leads",
                "if new.name = 'uno 077' then raise exception 'slow' using errcode = '57014'; end if;");
        clinic.execute("update crm_leads set phone = '2'");

        assertEquals(1, service.pass().pending());

        assertEquals("57014", clinic.value("select code from _sync_quarantine").orElseThrow());
        assertEquals(
                99, lab.cloud().query("select from crm_leads where phone = '2'").size());
        Meddling.end(lab.cloud());
        passMakesEqual();
    }

    @Test
    @Rule("2.5")
    void businessTriggersMeetWhatAPlainRequestBrings() throws InterruptedException {
        lab.cloud()
                .execute(
                        "insert into invoices (total) values (1); alter role service_role set timezone = 'Asia/Tokyo'");
        lab.reloadCloudSchema();
        try {
            start();
            Meddling.withUpdates(
                    lab.cloud(),
                    "invoices",
                    """
                    new.invoice_number = concat_ws(
                      ' ', nextval('invoice_number_seq') > 0, current_user, current_setting('TimeZone'),
                      (select count(*) from crm_leads));
                    """);
            clinic.execute("update invoices set total = 2");
            passMakesEqual();
            var pushed = clinic.value("select invoice_number from invoices").orElseThrow();
            assertEquals(1, pushes());

            service.close();
            service = ClinicService.onDemand(lab, clinic, CloudMode.REST, TABLES);
            clinic.execute("update invoices set total = 3");
            passMakesEqual();

            assertEquals("t service_role Asia/Tokyo 100", pushed);
            assertEquals(
                    pushed, clinic.value("select invoice_number from invoices").orElseThrow());
            assertEquals(1, rowByRow().size());
        } finally {
            lab.cloud().execute("alter role service_role reset timezone");
        }
    }

    @Test
    void functionsThatAreTakenAwayInTheMiddleAreNotMissed() throws InterruptedException {
        start();
        lab.gateway().fault(Fault.holdRequest().matching("POST", PUSH));
        clinic.execute("update crm_leads set phone = '2'");
        await().until(() -> lab.gateway().held() == 1);
        try {
            CloudFile.remove(lab);
            lab.gateway().heal();

            allArrives();
        } finally {
            CloudFile.install(lab);
        }
        assertEquals(100, rowByRow().size());
        assertEquals(0, tries());
        assertEquals(0, clinic.count("_conflicts"));
    }

    @Test
    @Rule("4.2.5")
    void whatOnlyOneTransactionCanBringAboutArrivesInOne() throws InterruptedException {
        lab.cloud().execute("insert into branches (name, code) values ('a', 'uno'), ('b', 'dos'), ('c', 'tres')");
        startWith(
                """
                alter table crm_pipelines add column first_stage_id uuid not null
                  references crm_pipeline_stages (id) deferrable initially deferred;
                alter table branches add constraint name_once unique (name) deferrable
                """);
        clinic.execute(
                """
                insert into crm_pipelines (id, name, first_stage_id)
                values ('00000000-0000-0000-0000-0000000000a1', 'embudo', '00000000-0000-0000-0000-0000000000a2');
                insert into crm_pipeline_stages (id, pipeline_id, name, position)
                values ('00000000-0000-0000-0000-0000000000a2', '00000000-0000-0000-0000-0000000000a1', 'primera', 1);
                update branches set name = case name when 'a' then 'b' when 'b' then 'c' else 'a' end
                """);

        passMakesEqual();

        assertEquals(1, lab.cloud().count("crm_pipeline_stages"));
        assertEquals(
                "b",
                lab.cloud()
                        .value("select name from branches where code = 'uno'")
                        .orElseThrow());
        assertEquals(0, clinic.count("_conflicts"));
    }

    @Test
    @Rule({"4.2.5", "1.5"})
    void whatNotEvenOneTransactionCanBringAboutIsExplained() throws InterruptedException {
        lab.cloud().execute("insert into branches (name, code) values ('a', 'uno'), ('b', 'dos')");
        clinic.execute("alter table branches add constraint name_once unique (name) deferrable");
        lab.cloud().execute("alter table branches add constraint name_once unique (name)");
        start();
        clinic.execute("update branches set name = case name when 'a' then 'b' else 'a' end");

        assertEquals(2, service.pass().pending());

        await().untilAsserted(() -> assertTrue(
                clinic.query("select reason from _sync_quarantine").stream()
                                .filter(row -> row.get("reason")
                                        .toString()
                                        .startsWith("it and another row exchanged a unique value in one step"))
                                .count()
                        == 2,
                () -> clinic.query("select reason from _sync_quarantine").toString()));
        assertEquals(
                "a",
                lab.cloud()
                        .value("select name from branches where code = 'uno'")
                        .orElseThrow());
    }
}
