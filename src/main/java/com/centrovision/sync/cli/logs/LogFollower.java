package com.centrovision.sync.cli.logs;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.event.Level;

/**
 * The lines that a log gets from now on. When the file is rolled away, what was still written into it is read to its end
 * first: it stays open under its new name.
 */
public final class LogFollower implements AutoCloseable {
    private static final int AT_ONCE = 64 * 1024;

    private final Path file;
    private final LogLevels levels;
    private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
    private FileChannel channel;
    private Object key;

    private LogFollower(Path file, Level least) {
        this.file = file;
        this.levels = new LogLevels(least);
    }

    /** Begins behind what is there by now. */
    public static LogFollower atTheEndOf(Path file, Level least) throws IOException {
        var follower = new LogFollower(file, least);
        follower.open();
        follower.channel.position(follower.channel.size());
        return follower;
    }

    /** The complete lines since the last look. */
    public List<String> next() throws IOException {
        var lines = new ArrayList<String>();
        drain(lines);
        if (isAnother()) {
            drain(lines);
            channel.close();
            open();
            drain(lines);
        }
        return lines;
    }

    private void open() throws IOException {
        channel = FileChannel.open(file, StandardOpenOption.READ);
        key = key().orElse(channel);
        begun.reset();
        levels.begin();
    }

    /** Where the system has no keys for files, a file that shrank is another one. */
    private boolean isAnother() throws IOException {
        var now = key();
        return now.isPresent() && !now.get().equals(key) || Files.exists(file) && Files.size(file) < channel.position();
    }

    private Optional<Object> key() throws IOException {
        try {
            return Optional.ofNullable(
                    Files.readAttributes(file, BasicFileAttributes.class).fileKey());
        } catch (NoSuchFileException beingRolled) {
            return Optional.empty();
        }
    }

    private void drain(List<String> lines) throws IOException {
        var buffer = ByteBuffer.allocate(AT_ONCE);
        while (channel.read(buffer) > 0) {
            buffer.flip();
            while (buffer.hasRemaining()) {
                take(buffer.get(), lines);
            }
            buffer.clear();
        }
    }

    private void take(byte next, List<String> lines) {
        if (next != '\n') {
            begun.write(next);
            return;
        }
        var line = begun.toString(StandardCharsets.UTF_8);
        begun.reset();
        if (levels.shows(line)) {
            lines.add(line);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
