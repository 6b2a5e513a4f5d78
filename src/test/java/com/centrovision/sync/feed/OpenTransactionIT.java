package com.centrovision.sync.feed;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.runtime.SyncService;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.CloudFile;
import com.centrovision.sync.testing.Rule;
import com.centrovision.sync.testing.ServiceHome;
import com.centrovision.sync.testing.SharedLab;
import com.centrovision.sync.testing.Sides;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Protocol 3.2: transactions of the cloud that stay open through many passes, for {@code -Dfeed.open.minutes=N}, hold up
 * nobody, are not missed when they end, and do not make a pass tell what an earlier one has told.
 */
class OpenTransactionIT {
    private static final Duration OPEN = Integer.getInteger("feed.open.minutes", 0) == 0
            ? Duration.ofSeconds(10)
            : Duration.ofMinutes(Integer.getInteger("feed.open.minutes"));
    private static final int TRAFFIC = 3000;
    private static final long IDLE_ANSWER_BYTES = 1000;
    private static final String PULL = "/rest/v1/rpc/sync_pull";
    private static final Lab LAB = SharedLab.get();

    @TempDir
    private Path folder;

    private LabDatabase clinic;

    @BeforeAll
    static void runTheFile() {
        LAB.resetCloud();
        CloudFile.install(LAB);
    }

    @AfterAll
    static void leaveAsFound() {
        CloudFile.restore(LAB);
    }

    @Test
    @Rule({"3.2.3", "1.1", "1.3"})
    void manyPassesGoByWhileTransactionsStayOpen() throws Exception {
        var home = ServiceHome.in(folder);
        home.table("crm_leads");
        home.table("crm_pipelines");
        clinic = LAB.newClinic();
        LAB.cloud()
                .execute("insert into crm_leads (name) select 'n' from generate_series(1, 50);"
                        + "insert into crm_pipelines (name) values ('primera')");
        var config = ClinicService.config(LAB, clinic);
        try (var service = ClinicService.start(home.path(), config, SyncService.Mode.CONTINUOUS);
                var late = open("insert into crm_leads (name, updated_at) values ('tarde', now() - interval '1 day');"
                        + "update crm_pipelines set name = 'tarde'");
                var never = open("insert into crm_leads (name) values ('nunca')");
                var numbered = open("select pg_current_xact_id()");
                var looking = open("set transaction isolation level repeatable read; select count(*) from crm_leads")) {
            await().until(() -> clinic.count("_sync_metadata where fed_alone and loaded_at is not null") == 2);
            var before = rowsDown();
            LAB.cloud()
                    .execute("insert into crm_leads (name) select 'tráfico' from generate_series(1, " + TRAFFIC + ")");
            awaitLeads("tráfico", TRAFFIC);
            var end = Instant.now().plus(OPEN);
            var rounds = 0;
            while (rounds == 0 || Instant.now().isBefore(end)) {
                rounds++;
                overtakeEachOther(rounds);
                assertIdlePassesTellNothing();
            }
            awaitLeads("tarde", 0);
            awaitLeads("nunca", 0);
            assertTrue(service.isOpen());
            assertEquals(0, clinic.count("_sync_metadata where last_error is not null"));

            never.rollback();
            late.commit();
            awaitLeads("tarde", 1);

            numbered.commit();
            looking.commit();
            await().untilAsserted(() -> Sides.of(LAB, clinic).assertEqual("crm_leads"));
            await().untilAsserted(() -> Sides.of(LAB, clinic).assertEqual("crm_pipelines"));
            awaitLeads("nunca", 0);
            assertEquals(51L + TRAFFIC + 2L * rounds, clinic.count("crm_leads"));
            assertEquals(TRAFFIC + 2L * rounds + 2L, rowsDown() - before, "each row once");
        }
    }

    private static Connection open(String sql) throws SQLException {
        var open = LAB.cloud().connect();
        open.setAutoCommit(false);
        try (var statement = open.createStatement()) {
            statement.execute(sql);
        }
        return open;
    }

    /** One that begins first ends last, while the others are open: the clinic has each when it ends. */
    private void overtakeEachOther(int round) throws SQLException {
        try (var first = open("insert into crm_leads (name) values ('primero " + round + "')")) {
            LAB.cloud().execute("insert into crm_leads (name) values ('segundo " + round + "')");
            awaitLeads("segundo " + round, 1);
            awaitLeads("primero " + round, 0);
            first.commit();
        }
        awaitLeads("primero " + round, 1);
    }

    private void assertIdlePassesTellNothing() {
        LAB.gateway().clearLog();
        await().until(() -> LAB.gateway().count("POST", PULL) >= 2);
        var requests = LAB.gateway().requests().size();
        assertTrue(
                LAB.gateway().bytesOut() <= IDLE_ANSWER_BYTES * (requests + 1),
                () -> LAB.gateway().bytesOut() + " bytes in " + LAB.gateway().requests());
    }

    private void awaitLeads(String name, long count) {
        await().until(() ->
                clinic.query("select from crm_leads where name = ?", name).size() == count);
    }

    private long rowsDown() {
        return ((Number) clinic.value("select sum(records_synced_down) from _sync_metadata")
                        .orElseThrow())
                .longValue();
    }
}
