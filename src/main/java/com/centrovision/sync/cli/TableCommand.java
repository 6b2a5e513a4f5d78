package com.centrovision.sync.cli;

import com.centrovision.sync.problem.Nearest;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.tables.DeclaredTables;
import com.centrovision.sync.tables.SyncedTable;
import com.centrovision.sync.tables.TableShelf;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** Which tables are synced: puts one in, takes one out, reads one again. */
@Command(
        name = "table",
        subcommands = {TableAddCommand.class, TableListCommand.class, TableReloadCommand.class, TableRemoveCommand.class
        })
final class TableCommand implements Runnable {
    @ParentCommand
    private Cli cli;

    @Override
    public void run() {
        cli.run();
    }

    Cli cli() {
        return cli;
    }

    Path folder() {
        return cli.home().routes().resolve("tables");
    }

    DeclaredTables declared() {
        return new DeclaredTables(folder());
    }

    List<String> names(DeclaredTables declared) {
        return declared.tables().stream().map(SyncedTable::name).toList();
    }

    /** The file of a table, fit or not; without one, the table is not synced. */
    Path file(String table) {
        return new TableShelf(folder()).existing(table).orElseThrow(() -> {
            var known = names(declared());
            return new Problem(ProblemCode.TABLE_UNKNOWN, table, Nearest.suggestion(table, known));
        });
    }
}
