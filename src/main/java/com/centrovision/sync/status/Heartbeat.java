package com.centrovision.sync.status;

import com.centrovision.sync.clinic.MirroredCloud;
import com.centrovision.sync.clinic.WriterLock;
import com.centrovision.sync.cloud.CloudClock;
import com.centrovision.sync.cloud.CloudFunctions;
import com.centrovision.sync.connection.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/** Writes the service's sign of life into _sync_service, for {@code status} in another process. */
public final class Heartbeat {
    private final JdbcTemplate clinic;
    private final Connection connection;
    private final CloudClock clock;
    private final CloudFunctions functions;
    private final WriterLock lock;
    private final MirroredCloud mirrored;
    private final String version;
    private final Instant startedAt = Instant.now();

    public Heartbeat(
            JdbcTemplate clinic,
            Connection connection,
            CloudClock clock,
            CloudFunctions functions,
            WriterLock lock,
            MirroredCloud mirrored,
            String version) {
        this.clinic = clinic;
        this.connection = connection;
        this.clock = clock;
        this.functions = functions;
        this.lock = lock;
        this.mirrored = mirrored;
        this.version = version;
    }

    public void beat() {
        var state = connection.state();
        try {
            clinic.update(
                    """
                    insert into _sync_service (
                      version, process_id, started_at, seen_at, mode, reason, since, last_pass_at, clock_skew_ms,
                      cloud_mode)
                    values (?, ?, ?, now(), ?, ?, ?, (select max(last_sync_from_supabase) from _sync_metadata), ?, ?)
                    on conflict (id) do update
                    set version = excluded.version,
                        process_id = excluded.process_id,
                        started_at = excluded.started_at,
                        seen_at = excluded.seen_at,
                        mode = excluded.mode,
                        reason = excluded.reason,
                        since = excluded.since,
                        last_pass_at = excluded.last_pass_at,
                        clock_skew_ms = excluded.clock_skew_ms,
                        cloud_mode = excluded.cloud_mode
                    """,
                    version,
                    ProcessHandle.current().pid(),
                    Timestamp.from(startedAt),
                    state.mode(),
                    state.reason(),
                    Timestamp.from(state.since()),
                    clock.skew().toMillis(),
                    functions.areUsed() ? "assisted" : "rest");
            connection.clinicReachable(true);
            connection.writer(lock.acquire() && mirrored.isConfigured());
        } catch (DataAccessException | SQLException unavailable) {
            connection.clinicReachable(false);
        }
    }

    /** The last word of a service that was asked to stop, if the database takes it at once. */
    public void stop() {
        CompletableFuture.runAsync(this::sayStopped)
                .completeOnTimeout(null, 1, TimeUnit.SECONDS)
                .join();
    }

    private void sayStopped() {
        try {
            clinic.update(
                    "update _sync_service set mode = 'stopped', reason = 'stopped', since = now() where process_id = ?",
                    ProcessHandle.current().pid());
        } catch (DataAccessException unavailable) {
            connection.clinicReachable(false);
        }
    }
}
