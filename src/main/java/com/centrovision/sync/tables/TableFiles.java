package com.centrovision.sync.tables;

import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** All files of {@code routes/tables/}, each judged on its own: the tables that are fit, and what is wrong elsewhere. */
record TableFiles(List<SyncedTable> tables, List<Problem> problems) {

    static TableFiles read(Path folder) {
        var tables = new ArrayList<SyncedTable>();
        var problems = new ArrayList<Problem>();
        for (var file : files(folder)) {
            try {
                var table = new TableFile(file).read();
                requireOwn(SyncedTable::name, table, tables);
                requireOwn(SyncedTable::routeId, table, tables);
                tables.add(table);
            } catch (Problem problem) {
                problems.add(problem);
            }
        }
        return new TableFiles(List.copyOf(tables), List.copyOf(problems));
    }

    private static void requireOwn(Function<SyncedTable, String> name, SyncedTable table, List<SyncedTable> others) {
        var own = name.apply(table);
        others.stream()
                .filter(other -> name.apply(other).equals(own))
                .findFirst()
                .ifPresent(other -> {
                    throw new Problem(
                            ProblemCode.TABLE_ROUTE_TWICE,
                            own,
                            table.file().getFileName(),
                            other.file().getFileName());
                });
    }

    static List<Path> files(Path folder) {
        try (var listing = Files.list(folder)) {
            return listing.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
