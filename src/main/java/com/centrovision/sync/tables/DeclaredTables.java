package com.centrovision.sync.tables;

import com.centrovision.sync.problem.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The tables that are declared now. A file that became faulty keeps the table that it declared before. Threads share
 * it.
 */
public final class DeclaredTables {
    private final Path folder;
    private Map<Path, FileTime> times = Map.of();
    private List<SyncedTable> tables = List.of();
    private List<Problem> problems = List.of();

    public DeclaredTables(Path folder) {
        this.folder = folder;
        reread();
    }

    /** What differs since the files were read last. */
    record Change(List<SyncedTable> added, List<SyncedTable> removed) {}

    public synchronized List<SyncedTable> tables() {
        return tables;
    }

    public synchronized List<Problem> problems() {
        return problems;
    }

    /** Reads the files again where one of them was written, added or removed. */
    synchronized Change reread() {
        var timesNow = times();
        if (timesNow.equals(times)) {
            return new Change(List.of(), List.of());
        }
        var written = timesNow.keySet().stream()
                .filter(file -> !timesNow.get(file).equals(times.get(file)))
                .collect(Collectors.toSet());
        var read = TableFiles.read(folder);
        var before = tables;
        var now = new ArrayList<>(read.tables());
        before.stream()
                .filter(table -> timesNow.containsKey(table.file()) && isMissing(table, now))
                .forEach(now::add);
        times = timesNow;
        tables = List.copyOf(now);
        problems = read.problems();
        return new Change(
                read.tables().stream()
                        .filter(table -> written.contains(table.file()))
                        .toList(),
                before.stream().filter(table -> isMissing(table, now)).toList());
    }

    private static boolean isMissing(SyncedTable table, List<SyncedTable> among) {
        return among.stream().noneMatch(other -> other.routeId().equals(table.routeId()));
    }

    private Map<Path, FileTime> times() {
        return TableFiles.files(folder).stream().collect(Collectors.toMap(Function.identity(), DeclaredTables::time));
    }

    private static FileTime time(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }
}
