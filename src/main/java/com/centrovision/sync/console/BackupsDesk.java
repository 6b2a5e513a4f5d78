package com.centrovision.sync.console;

import com.centrovision.sync.backup.BackupPlaces;
import com.centrovision.sync.backup.BackupPlaces.Placed;
import com.centrovision.sync.backup.Backups;
import com.centrovision.sync.backup.KeptBackup;
import com.centrovision.sync.config.Config;
import com.centrovision.sync.problem.Json;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.StoredText;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/** The backups that there are, and one more where a person wishes it. Threads share it. */
public final class BackupsDesk {
    private final JdbcTemplate clinic;
    private final Config.Backup settings;
    private final BackupPlaces places;
    private final Backups backups;
    private final Audit audit;
    private final Clock clock;

    /**
     * @param kind daily, weekly, monthly or extra
     * @param problem the code of why it was not proved
     * @param copied null where there is no second place, or it cannot be looked at now
     */
    record Shown(
            String file,
            Instant madeAt,
            long ageSeconds,
            long bytes,
            long rows,
            String kind,
            boolean proved,
            String problem,
            Boolean copied) {}

    /** How the last one ended, whoever made it: success, partial (not copied), unproved or error. */
    record Ended(Instant at, String status, String problem) {}

    /**
     * @param on whether backups are made; without them the rest says what there is from before
     * @param copyFolder null where there is no second place
     * @param overdue whether the last proved one is too old, or there is none
     */
    record All(
            boolean on,
            String folder,
            String copyFolder,
            long maxAgeHours,
            Instant lastProvedAt,
            boolean overdue,
            boolean underWay,
            Ended last,
            List<Shown> backups) {}

    BackupsDesk(JdbcTemplate clinic, Config.Backup settings, Backups backups, Audit audit, Clock clock) {
        this.clinic = clinic;
        this.settings = settings;
        this.places = new BackupPlaces(settings);
        this.backups = backups;
        this.audit = audit;
        this.clock = clock;
    }

    /** Called by the route {@code backups-list}. */
    public String list(@Header("Accept-Language") String asked) throws JsonProcessingException {
        var now = clock.instant();
        var kept = settings.isOn() ? places.list() : List.<Placed>of();
        var proved = kept.stream()
                .map(Placed::backup)
                .filter(KeptBackup::proved)
                .map(KeptBackup::madeAt)
                .findFirst();
        return Json.of(new All(
                settings.isOn(),
                settings.folder().toString(),
                settings.copyFolder().map(Path::toString).orElse(null),
                settings.maxAge().toHours(),
                proved.orElse(null),
                settings.isOn()
                        && proved.filter(at -> at.plus(settings.maxAge()).isAfter(now))
                                .isEmpty(),
                backups.isUnderWay(),
                last(Answers.language(asked)).orElse(null),
                kept.stream().map(placed -> shown(placed, now)).toList()));
    }

    private static Shown shown(Placed placed, Instant now) {
        var backup = placed.backup();
        return new Shown(
                backup.name(),
                backup.madeAt(),
                Duration.between(backup.madeAt(), now).toSeconds(),
                backup.bytes(),
                backup.rows(),
                placed.kind().name().toLowerCase(Locale.ROOT),
                backup.proved(),
                backup.problem().orElse(null),
                placed.copied().orElse(null));
    }

    /** What there is of backups is asked for when the clinic's database is away, too. */
    private Optional<Ended> last(Locale language) {
        try {
            return clinic
                    .query(
                            "select created_at, status, error_message from _sync_log where direction = 'BACKUP' "
                                    + "order by id desc limit 1",
                            (row, number) -> ended(row, language))
                    .stream()
                    .findFirst();
        } catch (DataAccessException | Problem away) {
            return Optional.empty();
        }
    }

    private static Ended ended(ResultSet row, Locale language) throws SQLException {
        return new Ended(
                row.getTimestamp("created_at").toInstant(),
                row.getString("status").toLowerCase(Locale.ROOT),
                Optional.ofNullable(row.getString("error_message"))
                        .map(problem -> StoredText.in(language, problem))
                        .orElse(null));
    }

    /** Called by the route {@code backups-now}. */
    public String begin(Exchange exchange) throws JsonProcessingException {
        var visitor = Visitor.of(exchange);
        var reason = Wish.of(exchange).text("reason", Wish.LONGEST_REASON);
        backups.begin();
        audit.done(visitor, "backup", "", reason, "begun");
        return Json.of(Map.of("outcome", "begun"));
    }
}
