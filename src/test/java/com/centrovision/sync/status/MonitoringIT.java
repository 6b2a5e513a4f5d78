package com.centrovision.sync.status;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.demo.Fault;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.SharedLab;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The specification's monitoring, word for word, on a synced clinic, in an outage, and with too much waiting. */
class MonitoringIT {
    private static final String LAST_SYNC_OF_EACH_TABLE =
            """
            SELECT table_name,
                   last_sync_from_supabase,
                   records_synced_down,
                   last_error
            FROM _sync_metadata
            ORDER BY last_sync_from_supabase DESC;
            """;
    private static final String PENDING_OF_EACH_TABLE =
            """
            SELECT COUNT(*) as pending_changes,
                   table_name
            FROM _sync_pending
            WHERE synced = FALSE
            GROUP BY table_name;
            """;
    private static final String LAST_OPERATIONS =
            """
            SELECT * FROM _sync_log
            ORDER BY created_at DESC
            LIMIT 20;
            """;
    private static final String ALARM_OF_TIME =
            """
                    SELECT MAX(last_sync_from_supabase)
                    FROM _sync_metadata
            """;
    private static final String ALARM_OF_CHANGES =
            """
                    SELECT COUNT(*) FROM _sync_pending WHERE synced = FALSE
            """;

    private final Lab lab = SharedLab.get();
    private final LabDatabase clinic = lab.newClinic();

    @AfterEach
    void heal() {
        lab.gateway().heal();
    }

    private boolean tooLongAgo() {
        var last = clinic.value(ALARM_OF_TIME).map(stamp -> ((Timestamp) stamp).toInstant());
        return last.isEmpty() || Duration.between(last.get(), Instant.now()).toSeconds() > 300;
    }

    private long waiting() {
        return (Long) clinic.value(ALARM_OF_CHANGES).orElseThrow();
    }

    @Test
    void theSpecificationsQueriesAndAlarmsWorkUnchanged() {
        lab.resetCloud();
        lab.cloud().execute("insert into crm_pipelines (name) select 'n' || i from generate_series(1, 7) i");
        try (var service = ClinicService.continuous(lab, clinic, "crm_pipelines")) {
            await().until(() -> clinic.count("crm_pipelines") == 7 && !tooLongAgo());
            var table = clinic.query(LAST_SYNC_OF_EACH_TABLE).get(0);
            assertEquals("crm_pipelines", table.get("table_name"));
            assertEquals(7, table.get("records_synced_down"));
            assertNull(table.get("last_error"));
            assertEquals(List.of(), clinic.query(PENDING_OF_EACH_TABLE));
            assertTrue(clinic.query(LAST_OPERATIONS)
                    .get(0)
                    .keySet()
                    .containsAll(Set.of(
                            "direction", "table_name", "records_affected", "status", "error_message", "duration_ms")));
            assertEquals(0, waiting());

            lab.gateway().fault(Fault.refuse());
            await().until(() -> !service.isOpen());
            clinic.execute("insert into crm_pipelines (name) select 'c' || i from generate_series(1, 101) i");
            await().untilAsserted(() -> {
                clinic.execute("update _sync_metadata set last_sync_from_supabase = now() - interval '301 seconds'");
                assertTrue(tooLongAgo());
            });
            assertEquals(101, waiting());
            assertEquals(101L, clinic.query(PENDING_OF_EACH_TABLE).get(0).get("pending_changes"));

            lab.gateway().heal();
            await().until(() -> !tooLongAgo() && waiting() == 0);
        }
    }
}
