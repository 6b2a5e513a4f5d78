package com.centrovision.sync.files;

import com.centrovision.sync.cloud.storage.StoredFile;
import com.centrovision.sync.problem.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.springframework.jdbc.core.JdbcTemplate;

/** The manifest {@code _sync_files}: what both sides hold of each file. Threads share it. */
public final class FileManifest {
    private static final int PAGE = 1000;

    private final JdbcTemplate clinic;

    /** A file of the folder; {@code name} is null where nobody but the manifest can know it. */
    record Seen(String localName, String name, long size, long modified) {
        FileStamp stamp() {
            return new FileStamp(size, modified);
        }
    }

    /** A file of the cloud, with its names for the folder: the first one, and the one for when that is taken. */
    record Listed(
            String name,
            String local,
            String beside,
            String version,
            long size,
            String etag,
            String type,
            Instant at) {}

    /** A conflict on record, and below which name the folder keeps the clinic's content. */
    record Kept(long conflict, String localName) {}

    /** A file that has to be read, and a known one that may be the same where capital letters make no difference. */
    record Changed(Seen file, Optional<String> otherCase) {}

    private record InFolder(UUID id, String localName) {}

    public FileManifest(JdbcTemplate clinic) {
        this.clinic = clinic;
    }

    Optional<ManifestFile> find(UUID id) {
        return clinic
                .query("select * from _sync_files where id = ?", (row, number) -> ManifestFile.of(row), id)
                .stream()
                .findFirst();
    }

    Optional<ManifestFile> find(String bucket, String name) {
        return clinic
                .query(
                        "select * from _sync_files where bucket = ? and ? in (name, local_name) order by name = ? desc",
                        (row, number) -> ManifestFile.of(row),
                        bucket,
                        name,
                        name)
                .stream()
                .findFirst();
    }

    /** Whether both sides are known to hold the same. */
    boolean isInCloudToo(UUID id) {
        return Boolean.TRUE.equals(clinic.queryForObject(
                "select exists (select from _sync_files where id = ? and base_sha256 = clinic_sha256 "
                        + "and base_version = cloud_version)",
                Boolean.class,
                id));
    }

    boolean holdsFiles() {
        return Boolean.TRUE.equals(clinic.queryForObject(
                "select exists (select from _sync_files where clinic_sha256 is not null)", Boolean.class));
    }

    /** What another service had under way goes on here. */
    void releaseAll() {
        clinic.queryForObject("select sync_release_files('{}')", Integer.class);
    }

    /** The listing's turn: what is heard of a file from here on is younger. */
    long beginListing(String bucket) {
        return clinic.queryForObject("select sync_begin_listing(?)", Long.class, bucket);
    }

    void noteListed(String bucket, long began, List<Listed> page) {
        clinic.queryForObject("select sync_note_cloud_files(?, ?, ?::jsonb)", Integer.class, bucket, began, json(page));
    }

    /** Names that the cloud has while somebody writes them: they are not gone. */
    void noteUnfinished(String bucket, List<String> names) {
        if (!names.isEmpty()) {
            clinic.update(
                    "insert into _sync_file_seen (bucket, name) select ?, n from unnest(?::text[]) n on conflict do nothing",
                    bucket,
                    names.toArray(String[]::new));
        }
    }

    /** How many files are gone in the cloud and stay here until a person confirms it. */
    long endListing(String bucket, long began, int mostRows, int mostPercent) {
        return clinic.queryForObject(
                "select sync_end_listing(?, ?, ?, ?)", Long.class, bucket, began, mostRows, mostPercent);
    }

    void noteBucketFailure(String bucket, String code) {
        clinic.update(
                "insert into _sync_buckets (bucket, last_error) values (?, ?) "
                        + "on conflict (bucket) do update set last_error = excluded.last_error",
                bucket,
                code);
    }

    void noteLook(String bucket, int leftOut) {
        clinic.update(
                "insert into _sync_buckets (bucket, looked_at, left_out) values (?, now(), nullif(?, 0)) "
                        + "on conflict (bucket) do update set looked_at = excluded.looked_at, "
                        + "left_out = excluded.left_out, folder_error = null",
                bucket,
                leftOut);
    }

    void noteFolderFailure(String bucket, String code) {
        clinic.update(
                "insert into _sync_buckets (bucket, folder_error) values (?, ?) "
                        + "on conflict (bucket) do update set folder_error = excluded.folder_error",
                bucket,
                code);
    }

    List<Changed> changed(String bucket, List<Seen> files) {
        return clinic.query(
                "select * from sync_changed_files(?, ?::jsonb)",
                (row, number) -> new Changed(
                        new Seen(
                                row.getString("local_name"),
                                row.getString("name"),
                                row.getLong("size"),
                                row.getLong("modified")),
                        Optional.ofNullable(row.getString("other_case"))),
                bucket,
                json(files));
    }

    /** False where another file of the folder has the same name in the cloud. */
    boolean noteInFolder(String bucket, Seen file, Fingerprint content) {
        return Boolean.TRUE.equals(clinic.queryForObject(
                "select sync_note_clinic_file(?, ?, ?, ?, ?, ?, ?)",
                Boolean.class,
                bucket,
                file.name(),
                file.localName(),
                file.size(),
                file.modified(),
                content.sha256(),
                content.md5()));
    }

    /** Notes which files of a bucket are not in the folder any more; returns how many. */
    int noteVanished(String bucket, Predicate<String> isThere) {
        int vanished = 0;
        var behind = "";
        List<InFolder> page;
        do {
            page = clinic.query(
                    "select * from sync_files_in_folder(?, ?, ?)",
                    (row, number) -> new InFolder(row.getObject("id", UUID.class), row.getString("local_name")),
                    bucket,
                    behind,
                    PAGE);
            var gone = new ArrayList<UUID>();
            for (var file : page) {
                behind = file.localName();
                if (!isThere.test(file.localName())) {
                    gone.add(file.id());
                }
            }
            if (!gone.isEmpty()) {
                vanished += clinic.queryForObject(
                        "select sync_note_vanished(?::uuid[])", Integer.class, (Object) gone.toArray(UUID[]::new));
            }
        } while (page.size() == PAGE);
        return vanished;
    }

    /** @param bytes how much of the part is on the disk for certain */
    void notePart(UUID id, String etag, long bytes) {
        clinic.query("select sync_note_part(?, ?, ?)", row -> {}, id, etag, bytes);
    }

    void noteUpload(UUID id, String uploadId, String sha256) {
        clinic.update("update _sync_files set upload_id = ?, upload_sha256 = ? where id = ?", uploadId, sha256, id);
    }

    /** The storage took some of it. */
    void noteProgress(UUID id) {
        clinic.update("update _sync_files set silences = 0 where id = ? and silences > 0", id);
    }

    /** It is nobody's turn any more, and what is to be done about it is asked anew. */
    void putBack(UUID id) {
        clinic.update("update _sync_files set taken_by = null where id = ?", id);
    }

    void fetched(ManifestFile file, FileStamp stamp, Fingerprint content) {
        clinic.query(
                "select sync_file_fetched(?, ?, ?, ?, ?, ?)",
                row -> {},
                file.id(),
                file.cloudVersion(),
                stamp.size(),
                stamp.modified(),
                content.sha256(),
                content.md5());
    }

    /** What the cloud said when it was asked for one file; {@code sha256} is filled in where it holds these bytes. */
    void noteInCloud(UUID id, Optional<StoredFile> file, Optional<String> sha256) {
        clinic.query(
                "select sync_note_cloud_file(?, ?::jsonb, ?)",
                row -> {},
                id,
                file.map(found -> json(new Listed(
                                found.name(),
                                "",
                                "",
                                found.version(),
                                found.size(),
                                found.etag(),
                                found.type(),
                                found.writtenAt())))
                        .orElse(null),
                sha256.orElse(null));
    }

    /** It comes first from now on, and at once where nobody has asked for it yet: an app may ask every second. */
    void want(UUID id) {
        clinic.update(
                "update _sync_files set wanted_at = coalesce(wanted_at, now()), next_attempt_at = "
                        + "case when code = 'too-large' or wanted_at is not null then next_attempt_at end where id = ?",
                id);
    }

    void trashed(UUID id) {
        clinic.query("select sync_file_trashed(?)", row -> {}, id);
    }

    void failed(UUID id, String code, FileFailures.Kind kind) {
        clinic.query("select sync_file_failed(?, ?, ?)", row -> {}, id, code, kind.word());
    }

    /**
     * Puts on record that both sides changed a file, once, and gives the clinic's content a second name; the file stays taken
     * until its content has that name.
     */
    Kept keepBoth(ManifestFile file, String cloudSha256, String name, String localName) {
        return clinic.queryForObject(
                "select * from sync_keep_both_files(?, ?, ?, ?, ?)",
                (row, number) -> new Kept(row.getLong("conflict"), row.getString("local_name")),
                file.id(),
                cloudSha256,
                name,
                localName,
                file.stamp().modified());
    }

    private static String json(Object value) {
        try {
            return Json.of(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
