package com.centrovision.sync.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** By which a file that was written since is known: its size, and its time in microseconds. */
record FileStamp(long size, long modified) {
    /** What was written so lately may be written on. */
    private static final Duration FRESH = Duration.ofMinutes(1);

    /** Throws where a folder, a link or something else has the file's name. */
    static FileStamp of(Path file) throws IOException {
        var attributes = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!attributes.isRegularFile()) {
            throw new FileException("place-taken");
        }
        return of(attributes);
    }

    static FileStamp of(BasicFileAttributes attributes) {
        return new FileStamp(attributes.size(), attributes.lastModifiedTime().to(TimeUnit.MICROSECONDS));
    }

    /** A time that lies far ahead, as from a machine with a wrong clock, says nothing. */
    boolean isFresh(Instant now) {
        return Math.abs(now.toEpochMilli() - modified / 1000) <= FRESH.toMillis();
    }
}
