package com.centrovision.sync.console;

import com.centrovision.sync.config.Config;
import com.centrovision.sync.files.BucketStatus;
import com.centrovision.sync.files.WaitingFiles;
import com.centrovision.sync.files.WaitingFiles.WaitingFile;
import com.centrovision.sync.problem.Json;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.status.FileStatus;
import com.centrovision.sync.status.StatusReader;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.springframework.jdbc.core.JdbcTemplate;

/** The study files bucket by bucket, those that could not be moved, and what a person does about them. Threads share it. */
public final class FilesDesk {
    private static final int SHOWN = 100;
    private static final long MOST_ROWS = 1_000_000_000;

    private final Config.Storage settings;
    private final WaitingFiles files;
    private final StatusReader status;
    private final Audit audit;

    /** @param cloudProblem why the cloud's list was not read the last time, in words; {@code folderProblem}, the folder */
    record Bucket(
            String bucket,
            long complete,
            long bytes,
            long waitingDown,
            long bytesDown,
            long waitingUp,
            long bytesUp,
            long refused,
            long gone,
            long changed,
            Instant listedAt,
            Instant lookedAt,
            String cloudProblem,
            String folderProblem) {

        static Bucket of(BucketStatus found, Locale language) {
            return new Bucket(
                    found.bucket(),
                    found.complete(),
                    found.bytes(),
                    found.waitingDown(),
                    found.bytesDown(),
                    found.waitingUp(),
                    found.bytesUp(),
                    found.refused(),
                    found.gone(),
                    found.changed(),
                    found.listedAt().orElse(null),
                    found.lookedAt().orElse(null),
                    found.cloudCode().map(code -> words(code, language)).orElse(null),
                    found.folderCode().map(code -> words(code, language)).orElse(null));
        }
    }

    /** A file that could not be moved, without its name, which may be a patient's. */
    record Refused(
            UUID id,
            String bucket,
            String work,
            long size,
            int attempts,
            String code,
            String reason,
            Instant failedAt,
            Instant nextAttemptAt) {

        static Refused of(WaitingFile file, Locale language) {
            return new Refused(
                    file.id(),
                    file.bucket(),
                    file.work(),
                    file.size(),
                    file.attempts(),
                    file.code(),
                    words(file.code(), language),
                    file.failedAt(),
                    file.nextAttemptAt());
        }
    }

    /**
     * @param studyFilesComplete rows of {@code study_files} whose bytes are here; null where the clinic has no such table
     * @param leftOut files of the folders that cannot go up as they are
     */
    record All(
            boolean on,
            Long studyFilesComplete,
            Long studyFilesIncomplete,
            long leftOut,
            List<Bucket> buckets,
            List<Refused> refused) {}

    FilesDesk(Config.Storage settings, JdbcTemplate clinic, StatusReader status, Audit audit) {
        this.settings = settings;
        this.files = new WaitingFiles(clinic);
        this.status = status;
        this.audit = audit;
    }

    private static String words(String code, Locale language) {
        return BucketStatus.reason(code).in(language);
    }

    /** Called by the route {@code study-files-list}: without a name. */
    public String list(@Header("Accept-Language") String asked) throws JsonProcessingException {
        if (!settings.enabled()) {
            return Json.of(new All(false, null, null, 0, List.of(), List.of()));
        }
        var language = Answers.language(asked);
        var known = status.files();
        var rows = known.filter(files -> files.studyFiles() != null);
        return Json.of(new All(
                true,
                rows.map(FileStatus::studyFilesComplete).orElse(null),
                rows.map(files -> files.studyFiles() - files.studyFilesComplete())
                        .orElse(null),
                known.map(FileStatus::leftOut).orElse(0L),
                files.buckets(settings.buckets()).stream()
                        .map(found -> Bucket.of(found, language))
                        .toList(),
                files.refused(SHOWN).stream()
                        .map(file -> Refused.of(file, language))
                        .toList()));
    }

    /** Called by the route {@code study-files-show}: what it is called, which is written down. */
    public String show(Exchange exchange) throws JsonProcessingException {
        var id = Wish.uuid(exchange);
        var visitor = Visitor.of(exchange);
        var named = files.name(id).orElseThrow(() -> new Problem(ProblemCode.FILE_UNKNOWN));
        audit.viewed(visitor, "view-file-name", named.bucket(), "_sync_files", id);
        return Json.of(named);
    }

    /** Called by the route {@code study-files-retry}. */
    public String tryAgain(Exchange exchange) throws JsonProcessingException {
        var id = Wish.uuid(exchange);
        var visitor = Visitor.of(exchange);
        var reason = Wish.of(exchange).text("reason", Wish.LONGEST_REASON);
        files.name(id).orElseThrow(() -> new Problem(ProblemCode.FILE_UNKNOWN));
        return done(visitor, "retry-file", id.toString(), reason, files.tryAgain(List.of(id)));
    }

    /** Called by the route {@code study-files-bucket}. */
    public String act(Exchange exchange) throws JsonProcessingException {
        var bucket = Optional.ofNullable(exchange.getMessage().getHeader("bucket", String.class))
                .filter(settings.buckets()::contains)
                .filter(name -> settings.enabled())
                .orElseThrow(() -> Wish.unfit("bucket"));
        var visitor = Visitor.of(exchange);
        var wish = Wish.of(exchange);
        var reason = wish.text("reason", Wish.LONGEST_REASON);
        return switch (wish.oneOf("action", List.of("retry", "accept-deletes", "accept-changes"))) {
            case "accept-deletes" ->
                done(
                        visitor,
                        "accept-file-deletes",
                        bucket,
                        reason,
                        files.acceptDeletes(bucket, wish.count("rows", MOST_ROWS)));
            case "accept-changes" ->
                done(
                        visitor,
                        "accept-file-changes",
                        bucket,
                        reason,
                        files.acceptChanges(bucket, wish.count("rows", MOST_ROWS)));
            default -> done(visitor, "retry-files", bucket, reason, files.tryAgain(bucket));
        };
    }

    private String done(Visitor visitor, String action, String subject, String reason, long count)
            throws JsonProcessingException {
        audit.done(visitor, action, subject, reason, String.valueOf(count));
        if (count == 0) {
            throw new Problem(ProblemCode.FILES_NOTHING_WAITS);
        }
        return Json.of(Map.of("outcome", String.valueOf(count)));
    }
}
