package com.centrovision.sync.status;

import com.centrovision.sync.clinic.ClinicFailures;
import com.centrovision.sync.clinic.MirroredCloud;
import com.centrovision.sync.clinic.WriterLock;
import com.centrovision.sync.cloud.CloudClock;
import com.centrovision.sync.cloud.CloudFunctions;
import com.centrovision.sync.connection.ClinicState;
import com.centrovision.sync.connection.Connection;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Finds out every two seconds whether this service is the writer and whether the clinic's database works, and notes its
 * sign of life for {@code status} in another process. All on the lock's own connection, which never waits long.
 */
public final class Heartbeat {
    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

    private final Connection connection;
    private final ClinicState state;
    private final ClinicFailures failures;
    private final CloudClock clock;
    private final CloudFunctions functions;
    private final WriterLock lock;
    private final MirroredCloud mirrored;
    private final String version;
    private final Instant startedAt = Instant.now();
    private final Standby standby = new Standby();

    public Heartbeat(
            Connection connection,
            ClinicState state,
            ClinicFailures failures,
            CloudClock clock,
            CloudFunctions functions,
            WriterLock lock,
            MirroredCloud mirrored,
            String version) {
        this.connection = connection;
        this.state = state;
        this.failures = failures;
        this.clock = clock;
        this.functions = functions;
        this.lock = lock;
        this.mirrored = mirrored;
        this.version = version;
    }

    public void beat() {
        try {
            if (lock.acquire()) {
                write(lock.statements());
            } else {
                state.standsBy();
                standby.note(lock.statements(), lock.waitingSince().orElse(startedAt));
            }
        } catch (DataAccessException | SQLException failure) {
            ClinicFailures.sql(failure).map(failures::problem).ifPresent(this::fails);
        }
    }

    /** A session that was opened read-only stays so. */
    private void fails(Problem problem) {
        state.fails(problem);
        if (problem.code() == ProblemCode.CLINIC_READ_ONLY) {
            lock.release();
        }
    }

    private void write(JdbcTemplate clinic) throws SQLException {
        standby.leave(clinic);
        note(clinic);
        if (state.problem().isPresent()) {
            lock.requireClinicWorks();
        }
        if (mirrored.on(clinic).isConfigured()) {
            state.works();
        } else {
            state.standsBy();
        }
    }

    private void note(JdbcTemplate clinic) {
        var cloud = connection.state();
        clinic.update(
                """
                insert into _sync_service (
                  version, process_id, started_at, seen_at, mode, reason, since, last_pass_at, clock_skew_ms,
                  taken_over_at, clinic_problem, cloud_mode)
                values (
                  ?, ?, ?, now(), ?, ?, ?, (select max(last_sync_from_supabase) from _sync_metadata), ?, ?, ?, ?)
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
                    taken_over_at = excluded.taken_over_at,
                    clinic_problem = excluded.clinic_problem,
                    cloud_mode = excluded.cloud_mode
                """,
                version,
                ProcessHandle.current().pid(),
                Timestamp.from(startedAt),
                cloud.mode(),
                cloud.reason(),
                Timestamp.from(cloud.since()),
                clock.skew().toMillis(),
                lock.takenOverAt().map(Timestamp::from).orElse(null),
                state.problem().map(problem -> problem.code().id()).orElse(null),
                functions.areUsed() ? "assisted" : "rest");
    }

    /** The last word of a service that was asked to stop, if the database takes it at once. */
    public void stop() {
        CompletableFuture.runAsync(this::sayStopped)
                .completeOnTimeout(null, 1, TimeUnit.SECONDS)
                .join();
    }

    private void sayStopped() {
        try {
            if (lock.isHeld()) {
                lock.statements()
                        .update(
                                "update _sync_service set mode = 'stopped', reason = 'stopped', since = now() "
                                        + "where process_id = ?",
                                ProcessHandle.current().pid());
            } else {
                standby.leave(lock.statements());
            }
        } catch (DataAccessException unavailable) {
            LOG.debug("stop not noted");
        }
    }
}
