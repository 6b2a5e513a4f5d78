package com.centrovision.sync.status;

import com.centrovision.sync.cloud.CloudApi;
import com.centrovision.sync.connection.Connection;
import com.centrovision.sync.down.RunningPass;
import java.io.IOException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;

/** Tells, in the log and for {@code status}, how far the work on a backlog is; silent where there is none. One thread. */
public final class CatchingUp {
    private static final Logger LOG = LoggerFactory.getLogger(CatchingUp.class);
    private static final Duration LONG_PASS = Duration.ofSeconds(20);

    private final JdbcTemplate clinic;
    private final CloudApi cloud;
    private final Connection connection;
    private final Supplier<Collection<RunningPass>> passes;
    private final int manyChanges;
    private final Clock clock;
    private final Map<String, LongPass> longPasses = new HashMap<>();
    private long downBefore;
    private Instant lastTick;
    private Optional<Pace> up = Optional.empty();
    private Optional<Pace> down = Optional.empty();

    private record LongPass(Instant startedAt, long rows, long total) {}

    /** @param manyChanges as many as wait only where the way up cannot keep pace */
    public CatchingUp(
            JdbcTemplate clinic,
            CloudApi cloud,
            Connection connection,
            Supplier<Collection<RunningPass>> passes,
            int manyChanges,
            Clock clock) {
        this.clinic = clinic;
        this.cloud = cloud;
        this.connection = connection;
        this.passes = passes;
        this.manyChanges = manyChanges;
        this.clock = clock;
        this.lastTick = clock.instant();
    }

    /** Called by the route {@code catching-up}. During an outage there is no pace, and the log says nothing. */
    public void tick() {
        var now = clock.instant();
        if (connection.isOpen()) {
            up = up(now);
            down = down(now);
        } else {
            up = Optional.empty();
            down = Optional.empty();
        }
        lastTick = now;
        clinic.update(
                "update _sync_service set up_left = ?, up_per_second = ?, down_left = ?, down_per_second = ?",
                up.map(Pace::left).orElse(null),
                up.map(Pace::perSecond).orElse(null),
                down.map(Pace::left).orElse(null),
                down.map(Pace::perSecond).orElse(null));
    }

    private Optional<Pace> up(Instant now) {
        long left = clinic.queryForObject("select sync_sendable(1)", Long.class);
        var before = up.orElseGet(() -> Pace.beginning(lastTick, left));
        if (left < manyChanges) {
            up.ifPresent(pace -> ended("up", pace, now));
            return Optional.empty();
        }
        long done = clinic.queryForObject(
                "select count(*) from _sync_pending where synced and synced_at >= ?",
                Long.class,
                Timestamp.from(before.since()));
        return told("up", before.after(now, done, left));
    }

    private Optional<Pace> down(Instant now) {
        var running = passes.get().stream()
                .filter(pass -> pass.startedAt().plus(LONG_PASS).isBefore(now))
                .toList();
        forget(running);
        running.forEach(this::note);
        var rows = longPasses.values().stream().mapToLong(LongPass::rows).sum();
        var left = longPasses.values().stream()
                .mapToLong(pass -> Math.max(0, pass.total() - pass.rows()))
                .sum();
        if (longPasses.isEmpty()) {
            down.ifPresent(pace -> ended("down", pace, now));
            downBefore = 0;
            return Optional.empty();
        }
        var before = down.orElseGet(() -> Pace.beginning(
                longPasses.values().stream()
                        .map(LongPass::startedAt)
                        .min(Instant::compareTo)
                        .orElse(now),
                left));
        return told("down", before.after(now, downBefore + rows, left));
    }

    /** What ended passes brought is done. */
    private void forget(List<RunningPass> running) {
        longPasses.entrySet().removeIf(known -> {
            var runs = running.stream()
                    .anyMatch(pass -> pass.table().equals(known.getKey())
                            && pass.startedAt().equals(known.getValue().startedAt()));
            downBefore += runs ? 0 : known.getValue().rows();
            return !runs;
        });
    }

    private void note(RunningPass pass) {
        var total = Optional.ofNullable(longPasses.get(pass.table()))
                .map(LongPass::total)
                .orElseGet(() -> pass.total().orElseGet(() -> pass.rows() + rest(pass)));
        longPasses.put(pass.table(), new LongPass(pass.startedAt(), pass.rows(), total));
    }

    private long rest(RunningPass pass) {
        try {
            return cloud.count(pass.table(), pass.rest());
        } catch (IOException silent) {
            return 0;
        }
    }

    private static Optional<Pace> told(String direction, Pace pace) {
        var backlog = Backlog.of(pace.left(), pace.perSecond());
        LOG.info(
                "catching up direction={} done={} left={} rows_per_second={} minutes_left={}",
                direction,
                pace.done(),
                backlog.left(),
                backlog.rowsPerSecond(),
                Optional.ofNullable(backlog.minutesLeft()).map(Object::toString).orElse("?"));
        return Optional.of(pace);
    }

    private static void ended(String direction, Pace pace, Instant now) {
        LOG.info(
                "caught up direction={} seconds={}",
                direction,
                Duration.between(pace.since(), now).toSeconds());
    }
}
