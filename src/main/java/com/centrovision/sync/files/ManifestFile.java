package com.centrovision.sync.files;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** A file as the manifest knows it: on both sides, when they were last the same, and what is under way. Empty: nothing. */
record ManifestFile(
        UUID id,
        String bucket,
        String name,
        String localName,
        String cloudVersion,
        long cloudSize,
        String cloudEtag,
        String cloudType,
        Optional<Instant> cloudAt,
        String sha256,
        String md5,
        FileStamp stamp,
        String partEtag,
        long partBytes,
        String uploadId,
        String uploadSha256) {

    static ManifestFile of(ResultSet row) throws SQLException {
        return new ManifestFile(
                row.getObject("id", UUID.class),
                row.getString("bucket"),
                row.getString("name"),
                row.getString("local_name"),
                text(row, "cloud_version"),
                row.getLong("cloud_size"),
                text(row, "cloud_etag"),
                text(row, "cloud_type"),
                Optional.ofNullable(row.getTimestamp("cloud_at")).map(Timestamp::toInstant),
                text(row, "clinic_sha256"),
                text(row, "clinic_md5"),
                new FileStamp(row.getLong("clinic_size"), row.getLong("clinic_modified")),
                text(row, "part_etag"),
                row.getLong("part_bytes"),
                text(row, "upload_id"),
                text(row, "upload_sha256"));
    }

    boolean isInFolder() {
        return !sha256.isEmpty();
    }

    private static String text(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getString(column)).orElse("");
    }
}
