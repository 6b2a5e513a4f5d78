package com.centrovision.sync.files;

import com.centrovision.sync.problem.Text;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * How one bucket stands.
 *
 * @param complete files that are here and the same on both sides
 * @param refused of those that wait, the ones that were tried in vain several times or are too large
 * @param gone files that the cloud has no more and that stay here until a person confirms it
 * @param changed files of the folder that wait because too many were replaced within an hour
 * @param listedAt when the cloud's list was last read; {@code lookedAt}, when the folder was
 * @param cloudCode why it could not be read the last time; {@code folderCode}, why the folder could not
 */
public record BucketStatus(
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
        Optional<Instant> listedAt,
        Optional<Instant> lookedAt,
        Optional<String> cloudCode,
        Optional<String> folderCode) {

    static BucketStatus of(ResultSet row) throws SQLException {
        return new BucketStatus(
                row.getString("bucket"),
                row.getLong("complete"),
                row.getLong("bytes"),
                row.getLong("waiting_down"),
                row.getLong("bytes_down"),
                row.getLong("waiting_up"),
                row.getLong("bytes_up"),
                row.getLong("refused"),
                row.getLong("gone"),
                row.getLong("changed"),
                instant(row, "listed_at"),
                instant(row, "looked_at"),
                Optional.ofNullable(row.getString("last_error")),
                Optional.ofNullable(row.getString("folder_error")));
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getTimestamp(column)).map(Timestamp::toInstant);
    }

    /** What a code of a file or a bucket means, in words; what only the storage knows is quoted. */
    public static Text reason(String code) {
        var words = Text.bundle(Locale.ENGLISH);
        var ours = "files.reason." + code;
        var line = "status.reason." + code;
        if (words.containsKey(ours)) {
            return Text.of(ours);
        }
        return words.containsKey(line) ? Text.of(line) : Text.of("files.reason-of-storage", code);
    }
}
