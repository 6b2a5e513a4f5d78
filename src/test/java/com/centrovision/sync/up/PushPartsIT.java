package com.centrovision.sync.up;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.config.CloudMode;
import com.centrovision.sync.demo.Fault;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.CloudFile;
import com.centrovision.sync.testing.Rule;
import com.centrovision.sync.testing.SharedLab;
import com.centrovision.sync.testing.Sides;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Protocol 2.5 where the cloud answers with no more of a row than the clinic does not know. */
class PushPartsIT {
    private static final String PUSH = "/rest/v1/rpc/sync_push";
    private static final String[] TABLES = {"crm_leads", "invoices"};

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
    void start() throws InterruptedException {
        lab.resetCloud();
        clinic = lab.newClinic();
        lab.cloud()
                .execute(
                        """
                        insert into crm_leads (name, phone, score, tags, answers)
                        select
                          'uno ' || i, case when i % 3 > 0 then '1' end, i / 7.0, array['a', 'b c', null],
                          case when i % 2 = 0 then '{"a": 1.50}'::jsonb end
                        from generate_series(1, 40) i;
                        insert into invoices (total, invoice_number) values (10, 'A-1'), (20, 'A-2')
                        """);
        service = ClinicService.onDemand(lab, clinic, CloudMode.ASSISTED, TABLES);
        assertEquals(ExitCode.OK, service.pass().exitCode());
        lab.gateway().clearLog();
    }

    @AfterEach
    void stop() {
        service.close();
        Meddling.end(lab.cloud());
    }

    private void passMakesEqual() throws InterruptedException {
        var result = service.pass();
        assertEquals(ExitCode.OK, result.exitCode(), result::toString);
        Sides.of(lab, clinic).assertEqual(TABLES);
        assertEquals(0, clinic.count("_conflicts"));
    }

    private long pushes() {
        return lab.gateway().count("POST", PUSH);
    }

    private List<Object> names() {
        return clinic.query("select distinct name from crm_leads where phone = '2' order by 1").stream()
                .map(row -> row.get("name"))
                .toList();
    }

    @Test
    @Rule("2.5")
    void whatTheCloudMadeOfSomeRowsComesBackAtOnce() throws InterruptedException {
        Meddling.withUpdates(
                lab.cloud(),
                "crm_leads",
                """
                if old.name like '%1' then new.name = 'nube'; end if;
                if old.name like '%2' then new.phone = '2'; new.score = 0; new.tags = '{}'; new.answers = null; end if;
                """);
        // Not by the feed: the answer alone is to tell it.
        lab.gateway().fault(Fault.status(503).matching("POST", "sync_pull"));
        clinic.execute("update crm_leads set phone = case when name like '%2' then '3' else '2' end");

        await().until(() ->
                clinic.query("select from _sync_pending where not synced").isEmpty());

        assertEquals(1, pushes());
        Sides.of(lab, clinic).assertEqual(TABLES);
        assertEquals(
                4, clinic.query("select from crm_leads where name = 'nube'").size());
        assertEquals(
                4,
                clinic.query("select from crm_leads where phone = '2' and score = 0 and answers is null")
                        .size());
        lab.gateway().heal();
        passMakesEqual();
    }

    @Test
    @Rule({"2.5", "4.4.3"})
    void aChangeThatIsMadeMeanwhileIsPutOnTopOfIt() throws InterruptedException {
        Meddling.withUpdates(lab.cloud(), "crm_leads", "if old.name like '%1' then new.source = 'nube'; end if;");
        lab.gateway().fault(Fault.holdAnswer().matching("POST", PUSH).times(1));
        clinic.execute("update crm_leads set phone = '2'");
        await().until(() -> lab.gateway().held() == 1);
        clinic.execute("update crm_leads set name = 'después ' || right(name, 1)");
        lab.gateway().heal();

        await().until(() ->
                clinic.query("select from _sync_pending where not synced").isEmpty());

        passMakesEqual();
        assertEquals(2, pushes());
        assertEquals(10, names().size());
        assertTrue(names().contains("después 0"));
        assertEquals(
                4,
                clinic.query("select from crm_leads where name = 'después 1' and phone = '2' and source = 'nube'")
                        .size());
    }

    @Test
    @Rule({"1.5", "2.5"})
    void aPartThatTheClinicRefusesIsPutAsideAsAWholeRow() throws InterruptedException {
        Meddling.withUpdates(lab.cloud(), "invoices", "if old.total = 10 then new.invoice_number = 'malo'; end if;");
        clinic.execute("alter table invoices add constraint bueno check (invoice_number <> 'malo')");
        clinic.execute("update invoices set status = 'pagada'");

        service.pass();

        var aside = clinic.query("select data ->> 'total' as total, data ->> 'invoice_number' as number from"
                + " _sync_quarantine where direction = 'DOWN'");
        assertEquals("[{total=10.00, number=malo}]", aside.toString());
        assertEquals(
                2,
                lab.cloud()
                        .query("select from invoices where status = 'pagada'")
                        .size());
        clinic.execute("alter table invoices drop constraint bueno");
        passMakesEqual();
        assertEquals(0, clinic.count("_sync_quarantine"));
    }

    /** One text may be two values: in a column of JSON it is a change. */
    @Test
    @Rule("4.2.7")
    void aChangeOfTypeWithinJsonIsAChange() throws InterruptedException {
        for (var answers : List.of("1", "\"1\"", "true", "\"true\"", "\"null\"")) {
            clinic.execute("update crm_leads set phone = null, tags = '{\"null\"}', answers = '" + answers + "'");
            passMakesEqual();
        }

        assertEquals(
                40,
                lab.cloud()
                        .query(
                                """
                                select from crm_leads where answers = '"null"' and tags = '{"null"}' and phone is null
                                """)
                        .size());
    }

    @Test
    void aPartOfNothingButTheIdChangesNothing() {
        var before = clinic.query("select * from crm_leads order by id");

        clinic.execute(
                """
                select sync_begin_write();
                select sync_write_rows('crm_leads', json_agg(json_build_object('id', id)), array_agg(id), '{}', '{id}')
                from crm_leads
                """);

        assertEquals(
                before.toString(),
                clinic.query("select * from crm_leads order by id").toString());
    }
}
