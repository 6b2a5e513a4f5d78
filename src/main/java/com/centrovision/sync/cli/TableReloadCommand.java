package com.centrovision.sync.cli;

import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.Text;
import com.centrovision.sync.tables.TableInstallation;
import com.centrovision.sync.tables.TableShelf;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Has all rows of a table read from the cloud again. */
@Command(name = "reload")
final class TableReloadCommand implements Callable<Integer> {
    @ParentCommand
    private TableCommand tables;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME", descriptionKey = "parameter.table")
    private String name;

    @Override
    public Integer call() throws InterruptedException, SQLException {
        tables.file(name);
        var declared = tables.declared();
        var table = declared.tables().stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow(() -> Problem.together(declared.problems()));
        ClinicWork.in(tables.cli().config().localPostgres(), clinic -> {
            new TableInstallation(clinic.dataSource()).reload(name);
            return ExitCode.OK;
        });
        TableShelf.touch(table.file());
        var out = spec.commandLine().getOut();
        out.println(Text.of("table.reload.begun", name).in(tables.cli().locale()));
        return new TableLoad(tables.cli(), out).run(table).value();
    }
}
