package com.centrovision.sync.console;

import com.centrovision.sync.connection.Connection;
import com.centrovision.sync.connection.ConnectionState;
import com.centrovision.sync.problem.ClinicTime;
import com.centrovision.sync.problem.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.camel.Header;
import org.springframework.jdbc.core.JdbcTemplate;

/** How the line and the tables did lately. Threads share it. */
public final class LineHistory {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration SIGN_OF_LIFE = Duration.ofMinutes(1);
    private static final int HOURS = 24;

    private final JdbcTemplate clinic;
    private final Connection connection;
    private final Predicate<String> isSynced;
    private final Clock clock;
    private volatile Optional<ConnectionState> noted = Optional.empty();
    private volatile Instant notedAt = Instant.MIN;

    record Stretch(Instant begunAt, Instant endedAt, String mode, String reason, boolean open) {
        long seconds() {
            return Duration.between(begunAt, endedAt).toSeconds();
        }
    }

    /**
     * @param watchedSeconds how long a service ran; the other lengths are parts of it
     * @param outages stretches without the cloud
     */
    record Day(
            Instant since,
            long watchedSeconds,
            long cloudSeconds,
            long slowSeconds,
            long outages,
            long longestOutageSeconds,
            long rowsDownToday,
            List<Stretch> stretches) {}

    record Hour(Instant hour, long rowsDown, long rowsUp, long errors) {}

    LineHistory(JdbcTemplate clinic, Connection connection, Predicate<String> isSynced, Clock clock) {
        this.clinic = clinic;
        this.connection = connection;
        this.isSynced = isSynced;
        this.clock = clock;
    }

    /**
     * Called by the route {@code console-line}: what is new, and now and then that it is still so. While the clinic's
     * database does not work, nothing can be noted.
     */
    public void note() {
        var isNew = !noted.equals(Optional.of(connection.state()));
        if (isNew || notedAt.plus(SIGN_OF_LIFE).isBefore(clock.instant())) {
            noteNow();
        }
    }

    private void noteNow() {
        if (!connection.isWriter()) {
            return;
        }
        var state = connection.state();
        clinic.queryForObject(
                "select sync_note_line(?, ?, ?, ?)::text",
                String.class,
                state.mode(),
                state.reason(),
                connection.isOpen(),
                Timestamp.from(state.since()));
        noted = Optional.of(state);
        notedAt = clock.instant();
    }

    /** Called by the route {@code day}. */
    public String day() throws JsonProcessingException {
        noteNow();
        var since = clock.instant().minus(DAY);
        var midnight = clock.instant()
                .atZone(ClinicTime.ZONE)
                .toLocalDate()
                .atStartOfDay(ClinicTime.ZONE)
                .toInstant();
        var stretches = clinic.query(
                "select * from sync_line_since(?)",
                (row, number) -> new Stretch(
                        row.getTimestamp("begun_at").toInstant(),
                        row.getTimestamp("ended_at").toInstant(),
                        row.getString("mode"),
                        row.getString("reason"),
                        row.getBoolean("open")),
                Timestamp.from(since));
        return Json.of(new Day(
                since,
                seconds(stretches, all -> true),
                seconds(stretches, LineHistory::hasCloud),
                seconds(stretches, stretch -> stretch.reason().equals("slow")),
                stretches.stream().filter(Predicate.not(LineHistory::hasCloud)).count(),
                stretches.stream()
                        .filter(Predicate.not(LineHistory::hasCloud))
                        .mapToLong(Stretch::seconds)
                        .max()
                        .orElse(0),
                clinic.queryForObject("select sync_rows_down_since(?)", Long.class, Timestamp.from(midnight)),
                stretches));
    }

    /** Called by the route {@code table-history}. */
    public String table(@Header("table") String name) throws JsonProcessingException {
        if (!isSynced.test(name)) {
            throw Wish.unfit("table");
        }
        return Json.of(clinic.query(
                "select * from sync_table_history(?, ?)",
                (row, number) -> new Hour(
                        row.getTimestamp("hour").toInstant(),
                        row.getLong("rows_down"),
                        row.getLong("rows_up"),
                        row.getLong("errors")),
                name,
                HOURS));
    }

    private static boolean hasCloud(Stretch stretch) {
        return stretch.mode().equals("supabase");
    }

    private static long seconds(List<Stretch> stretches, Predicate<Stretch> which) {
        return stretches.stream().filter(which).mapToLong(Stretch::seconds).sum();
    }
}
