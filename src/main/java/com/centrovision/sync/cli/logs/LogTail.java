package com.centrovision.sync.cli.logs;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;
import org.slf4j.event.Level;

/** The last lines of the log, from the file that is being written and the rolled ones before it. */
public final class LogTail {
    private final Path file;
    private final int files;
    private final LogLevels levels;

    /** @param files how many files the log may have, with the one being written */
    public LogTail(Path file, int files, Level least) {
        this.file = file;
        this.files = files;
        this.levels = new LogLevels(least);
    }

    /** In the order in which they were written; a file that is rolled away meanwhile is passed over. */
    public List<String> last(int lines) throws IOException {
        Deque<String> found = new ArrayDeque<>();
        for (var candidate : newestFirst()) {
            var left = lines - found.size();
            if (left <= 0) {
                break;
            }
            var older = lastOf(candidate, left);
            older.descendingIterator().forEachRemaining(found::addFirst);
        }
        return List.copyOf(found);
    }

    private List<Path> newestFirst() {
        return IntStream.range(0, files)
                .mapToObj(number -> number == 0 ? file : file.resolveSibling(file.getFileName() + "." + number))
                .filter(Files::isRegularFile)
                .toList();
    }

    /** Streams the file, so that its size does not matter. */
    private Deque<String> lastOf(Path candidate, int lines) throws IOException {
        var kept = new ArrayDeque<String>();
        levels.begin();
        try (var source =
                new BufferedReader(new InputStreamReader(Files.newInputStream(candidate), StandardCharsets.UTF_8))) {
            for (var line = source.readLine(); line != null; line = source.readLine()) {
                if (levels.shows(line)) {
                    kept.addLast(line);
                    if (kept.size() > lines) {
                        kept.removeFirst();
                    }
                }
            }
        } catch (NoSuchFileException rolledAway) {
            return kept;
        }
        return kept;
    }
}
