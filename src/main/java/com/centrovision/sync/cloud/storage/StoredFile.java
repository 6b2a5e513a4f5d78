package com.centrovision.sync.cloud.storage;

import java.time.Instant;

/**
 * A file as the storage tells of it.
 *
 * @param version becomes another one with every write; only to be compared for equality
 * @param etag the MD5 of the content, as a rule: not of what was uploaded in parts
 */
public record StoredFile(String name, String version, long size, String etag, String type, Instant writtenAt) {
    static final String UNKNOWN_TYPE = "application/octet-stream";

    static StoredFile of(String name, Instant writtenAt, long size, String etag, String type) {
        var plain = plain(etag);
        return new StoredFile(name, writtenAt.toEpochMilli() + "|" + plain, size, plain, type, writtenAt);
    }

    /** Without its quotes, and without the mark that a proxy puts on it. */
    static String plain(String etag) {
        return etag.replaceFirst("^W/", "").replace("\"", "");
    }
}
