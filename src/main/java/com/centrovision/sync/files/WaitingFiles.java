package com.centrovision.sync.files;

import com.fasterxml.jackson.annotation.JsonValue;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;

/** Files that wait or are refused, as a person sees and retries them, in the clinic's database alone. Threads share it. */
public final class WaitingFiles {
    private static final String WAITING =
            "select id, bucket, name, work, size, attempts, code, failed_at, nullif(next_attempt_at, 'infinity') as next "
                    + "from _sync_file_work ";
    private static final String TRY_AGAIN = "update _sync_files set next_attempt_at = null, attempts = 0, code = null "
            + "where code is not null and code <> 'too-large' ";

    private final JdbcTemplate clinic;

    /** @param nextAttemptAt null where it is its turn, or where nobody tries again by itself */
    public record WaitingFile(
            UUID id,
            String bucket,
            String name,
            String work,
            long size,
            int attempts,
            String code,
            Instant failedAt,
            Instant nextAttemptAt) {}

    /** @param localName below the bucket's folder */
    public record Named(String bucket, String name, String localName) {}

    /** @param code why it could not be looked at */
    public record BucketTrouble(String bucket, String code) {
        /** As one word of JSON. */
        @JsonValue
        public String coded() {
            return bucket + ": " + code;
        }
    }

    public WaitingFiles(JdbcTemplate clinic) {
        this.clinic = clinic;
    }

    /** Those that have failed first, then those whose turn comes next. */
    public List<WaitingFile> list(int most) {
        return clinic.query(
                WAITING + "where work <> 'forget' "
                        + "order by code is null, wanted_at, needed_at, coalesce(cloud_at, 'infinity') desc, id limit ?",
                (row, number) -> file(row),
                most);
    }

    /** Those that were tried in vain, and those that nobody tries, being too large. */
    public List<WaitingFile> refused(int most) {
        return clinic.query(
                WAITING + "where code = 'too-large' or code is not null and attempts > 0 "
                        + "order by failed_at desc, id limit ?",
                (row, number) -> file(row),
                most);
    }

    /** How each of these buckets stands, in their order. */
    public List<BucketStatus> buckets(List<String> names) {
        return clinic.query("select * from sync_bucket_status(?)", (row, number) -> BucketStatus.of(row), (Object)
                names.toArray(String[]::new));
    }

    /** What the file is called, here and in the cloud; empty where nobody has told of it. */
    public Optional<Named> name(UUID id) {
        return clinic
                .query(
                        "select bucket, name, local_name from _sync_files where id = ?",
                        (row, number) ->
                                new Named(row.getString("bucket"), row.getString("name"), row.getString("local_name")),
                        id)
                .stream()
                .findFirst();
    }

    /** Buckets that could not be looked at, and why. */
    public List<BucketTrouble> bucketsInTrouble() {
        return clinic.query(
                "select bucket, coalesce(folder_error, last_error) as code from _sync_buckets "
                        + "where coalesce(folder_error, last_error) is not null order by 1",
                (row, number) -> new BucketTrouble(row.getString("bucket"), row.getString("code")));
    }

    /** How many of these files are tried again at once; of all that have failed where none is named. */
    public int tryAgain(List<UUID> ids) {
        return clinic.update(
                TRY_AGAIN + "and (cardinality(?::uuid[]) = 0 or id = any (?::uuid[]))", array(ids), array(ids));
    }

    /** How many files of a bucket are tried again at once. */
    public int tryAgain(String bucket) {
        return clinic.update(TRY_AGAIN + "and bucket = ?", bucket);
    }

    /** The file comes first from now on; empty where nobody has told of it. */
    public Optional<UUID> want(String bucket, String name) {
        var manifest = new FileManifest(clinic);
        var file = manifest.find(bucket, name);
        file.ifPresent(known -> manifest.want(known.id()));
        return file.map(ManifestFile::id);
    }

    /** Whether the folder holds what the cloud has. */
    public boolean isHere(UUID id) {
        return Boolean.TRUE.equals(clinic.queryForObject(
                "select exists (select from _sync_files where id = ? and clinic_sha256 is not null) "
                        + "and not exists (select from _sync_file_work where id = ? and work in ('down', 'compare'))",
                Boolean.class,
                id,
                id));
    }

    /** Why it could not be moved the last time. */
    public Optional<String> code(UUID id) {
        return clinic
                .queryForList("select code from _sync_files where id = ? and code is not null", String.class, id)
                .stream()
                .findFirst();
    }

    /** How many files of a bucket may go now that are gone in the cloud; the next look decides again. */
    public long acceptDeletes(String bucket) {
        return acceptDeletes(bucket, Long.MAX_VALUE);
    }

    /** The same, where no more are gone than the person has seen; 0 where nothing is accepted. */
    public long acceptDeletes(String bucket, long most) {
        return accept("accepted_at = now()", "guard_rows", bucket, most);
    }

    /** How many files of a bucket wait that may replace the cloud's now, for an hour. */
    public long acceptChanges(String bucket) {
        return acceptChanges(bucket, Long.MAX_VALUE);
    }

    /** The same, where no more wait than the person has seen; 0 where nothing is accepted. */
    public long acceptChanges(String bucket, long most) {
        return accept("changes_accepted_at = now()", "changed_rows", bucket, most);
    }

    private long accept(String mark, String rows, String bucket, long most) {
        return clinic
                .queryForList(
                        "update _sync_buckets set %1$s where bucket = ? and %2$s between 1 and ? returning %2$s"
                                .formatted(mark, rows),
                        Long.class,
                        bucket,
                        most)
                .stream()
                .findFirst()
                .orElse(0L);
    }

    private static Object array(List<UUID> ids) {
        return ids.toArray(UUID[]::new);
    }

    private static WaitingFile file(ResultSet row) throws SQLException {
        return new WaitingFile(
                row.getObject("id", UUID.class),
                row.getString("bucket"),
                row.getString("name"),
                row.getString("work"),
                row.getLong("size"),
                row.getInt("attempts"),
                row.getString("code"),
                instant(row.getTimestamp("failed_at")),
                instant(row.getTimestamp("next")));
    }

    private static Instant instant(Timestamp stamp) {
        return stamp == null ? null : stamp.toInstant();
    }
}
