package com.centrovision.sync.clinic;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.Rule;
import com.centrovision.sync.testing.SharedLab;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The control tables keep what somebody may still need, and nothing for ever. */
class TrimIT {
    private final Lab lab = SharedLab.get();
    private LabDatabase clinic;
    private ClinicService service;

    @BeforeEach
    void newClinic() {
        lab.resetCloud();
        clinic = lab.newClinic();
        service = ClinicService.onDemand(lab, clinic, "crm_pipelines");
    }

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    @Rule("7.1")
    void oldEntriesThatAreDoneWithGoAndAllOthersStay() {
        service.close();
        clinic.execute(
                """
                    insert into _sync_pending (table_name, record_id, operation, synced, synced_at, created_at, error)
                    select 'nowhere', gen_random_uuid(), 'INSERT', true, now() - interval '8 days', now(), 'old and synced'
                    from generate_series(1, 12000);
                    insert into _sync_pending (table_name, record_id, operation, synced, synced_at, created_at, error)
                    values
                      ('nowhere', gen_random_uuid(), 'INSERT', true, null, now() - interval '8 days', 'old, time not known'),
                      ('nowhere', gen_random_uuid(), 'INSERT', true, now() - interval '6 days', now() - interval '1 year', 'young'),
                      ('nowhere', gen_random_uuid(), 'INSERT', false, null, now() - interval '1 year', 'unsynced');
                    insert into _sync_log (direction, status, created_at, error_message)
                    values
                      ('DOWN', 'SUCCESS', now() - interval '31 days', 'old'),
                      ('DOWN', 'SUCCESS', now() - interval '29 days', 'young');
                    insert into _conflicts (table_name, record_id, kind, strategy, created_at, resolved_at, resolved_by)
                    values
                      ('nowhere', gen_random_uuid(), 'update_update', 'manual', now() - interval '2 years',
                       now() - interval '366 days', 'old'),
                      ('nowhere', gen_random_uuid(), 'update_update', 'manual', now() - interval '2 years',
                       now() - interval '364 days', 'young'),
                      ('nowhere', gen_random_uuid(), 'update_update', 'manual', now() - interval '2 years', null, 'open');
                    insert into _sync_quarantine (direction, table_name, record_id, last_at)
                    values ('DOWN', 'nowhere', gen_random_uuid(), now() - interval '2 years');
                    insert into _sync_request (kind, taken_at, done_at, outcome)
                    values
                      ('full-pass', now(), now() - interval '31 days', 'old'),
                      ('full-pass', now(), now() - interval '29 days', 'young');
                    insert into _sync_alert (key, kind, severity, since, noticed_at, seen_at, solved_at)
                    select k, 'disk', 'critical', now() - d, now() - d, now() - d, case when k <> 'open' then now() - d end
                    from (values
                      ('old', interval '31 days'),
                      ('young', interval '29 days'),
                      ('open', interval '1 year')) a (k, d);
                    insert into _sync_line (at, mode, reason, open, seen_at)
                    values
                      (now() - interval '1 year', 'local', 'old', false, now() - interval '31 days'),
                      (now() - interval '2 years', 'local', 'young', false, now() - interval '29 days');
                    insert into _sync_audit (at, person, address, action)
                    values
                      (now() - interval '366 days', 'old', '-', 'sync'),
                      (now() - interval '364 days', 'young', '-', 'sync');
                    """);

        service = ClinicService.onDemand(lab, clinic, "crm_pipelines");
        await().atMost(Duration.ofSeconds(60)).until(() -> clinic.count("_sync_pending where error like 'old%'") == 0);

        assertEquals(List.of("young", "unsynced"), texts("error", "_sync_pending"));
        assertEquals(List.of("young"), texts("error_message", "_sync_log"));
        assertEquals(List.of("young", "open"), texts("resolved_by", "_conflicts"));
        assertEquals(List.of("young"), texts("outcome", "_sync_request"));
        assertEquals(List.of("young", "open"), texts("key", "_sync_alert"));
        assertEquals(List.of("young"), texts("person", "_sync_audit"));
        assertEquals(0, clinic.count("_sync_line where reason = 'old'"));
        assertEquals(1, clinic.count("_sync_line where reason = 'young'"));
        assertEquals(1, clinic.count("_sync_quarantine"));
    }

    @Test
    void oneStatementDeletesABoundedBatch() {
        clinic.execute(
                """
                    insert into _sync_log (direction, status, created_at)
                    select 'UP', 'SUCCESS', now() - interval '5 days' from generate_series(1, 12)
                    """);

        assertEquals(5, clinic.value("select sync_trim(1, 1, 1, 5)").orElseThrow());
        assertEquals(5, clinic.value("select sync_trim(1, 1, 1, 5)").orElseThrow());
        assertEquals(2, clinic.value("select sync_trim(1, 1, 1, 5)").orElseThrow());
        assertEquals(0, clinic.value("select sync_trim(1, 1, 1, 5)").orElseThrow());
    }

    private List<Object> texts(String column, String table) {
        return clinic
                .query("select " + column + " as text from " + table + " where " + column + " is not null order by id")
                .stream()
                .map(row -> row.get("text"))
                .toList();
    }
}
