package com.centrovision.sync.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** By which a file's content is known: SHA-256 is ours, MD5 what the storage tells of most files. */
record Fingerprint(String sha256, String md5, long size) {
    private static final int BLOCK_BYTES = 65_536;

    static Fingerprint of(Path file) throws IOException {
        try (var content = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            return of(content);
        }
    }

    static Fingerprint of(InputStream content) throws IOException {
        var sha256 = digest("SHA-256");
        var md5 = digest("MD5");
        var block = new byte[BLOCK_BYTES];
        long size = 0;
        for (int read = content.read(block); read >= 0; read = content.read(block)) {
            sha256.update(block, 0, read);
            md5.update(block, 0, read);
            size += read;
        }
        return new Fingerprint(hex(sha256), hex(md5), size);
    }

    /** Whether a storage that says this of its file says that it has the same bytes. */
    boolean isSaidToBe(long otherSize, String etag) {
        return size == otherSize && !etag.isEmpty() && etag.equals(md5);
    }

    /** Whether a storage that says this of its file may have the same bytes: it does not always say enough. */
    boolean agreesWith(long otherSize, String etag) {
        return size == otherSize && (!etag.matches("[0-9a-f]{32}") || etag.equals(md5));
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }
}
