package com.centrovision.sync.status;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.centrovision.sync.clinic.ClinicDatabase;
import com.centrovision.sync.cloud.CloudApi;
import com.centrovision.sync.cloud.CloudClock;
import com.centrovision.sync.cloud.CloudHttp;
import com.centrovision.sync.cloud.CloudReason;
import com.centrovision.sync.cloud.line.Patience;
import com.centrovision.sync.connection.Connection;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.down.RunningPass;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.SharedLab;
import com.centrovision.sync.up.UpChanges;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class CatchingUpIT {
    private static final int MANY = UpChanges.rowsAtOnce(
            ClinicService.config(SharedLab.get(), SharedLab.get().clinic()).sync());

    private final Lab lab = SharedLab.get();
    private final Connection connection = new Connection(Clock.systemUTC());
    private Instant now = Instant.now();
    private List<RunningPass> running = List.of();

    private final Clock clock = new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    };

    @Test
    void tellsHowFarEachDirectionIsWhileThereIsABacklog() throws InterruptedException, IOException {
        lab.resetCloud();
        lab.cloud().execute("insert into crm_leads (name) select 'cliente ' || i from generate_series(1, 40) i");
        var clinic = lab.newClinic();
        var config = ClinicService.config(lab, clinic);
        try (var service = ClinicService.continuous(lab, clinic, "crm_leads")) {
            await().until(() -> service.isOpen() && clinic.count("_sync_service") == 1);
        }
        clinic.execute("insert into crm_leads (name) select 'nuevo' from generate_series(1, 3000)");
        clinic.execute("update _sync_service set mode = 'supabase', seen_at = now() + interval '1 day'");
        var cloudClock = new CloudClock(Clock.systemUTC());
        try (var database = new ClinicDatabase(config.localPostgres(), 2);
                var http = new CloudHttp(URI.create(lab.supabaseUrl()), lab.serviceKey(), cloudClock, connection);
                var cloud = new CloudApi(URI.create(lab.supabaseUrl()), http)) {
            database.start();
            cloud.check("crm_leads", Patience.USUAL);
            var catchingUp = new CatchingUp(database.jdbc(), cloud, connection, () -> running, MANY, clock);
            var reader = new StatusReader(database.jdbc());

            running = List.of(pass(30));
            sent(clinic, 900);
            after(catchingUp, Duration.ofSeconds(30));

            assertEquals(new Backlog(2100, 30, 2L), reader.read().service().backlogUp());
            assertEquals(new Backlog(40, 1, 2L), reader.read().service().backlogDown());

            running = List.of(new RunningPass("crm_leads", running.get(0).startedAt(), 45, OptionalLong.empty(), ""));
            sent(clinic, 1200);
            after(catchingUp, Duration.ofSeconds(30));

            assertNull(reader.read().service().backlogUp());
            assertEquals(new Backlog(25, 1, 1L), reader.read().service().backlogDown());

            running = List.of();
            after(catchingUp, Duration.ofSeconds(30));

            assertNull(reader.read().service().backlogDown());
        }
        assertEquals(CloudReason.OK.word(), connection.state().reason());
    }

    /** One that has lasted for a minute; what it has yet to read is not known. */
    private RunningPass pass(long rows) {
        return new RunningPass("crm_leads", now.minus(Duration.ofSeconds(30)), rows, OptionalLong.empty(), "");
    }

    private void after(CatchingUp catchingUp, Duration time) {
        now = now.plus(time);
        catchingUp.tick();
    }

    private static void sent(LabDatabase clinic, int changes) {
        clinic.execute("update _sync_pending set synced = true, synced_at = now() + interval '1 minute' where id in "
                + "(select id from _sync_pending where not synced order by id limit " + changes + ")");
    }
}
