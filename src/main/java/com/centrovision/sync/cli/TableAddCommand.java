package com.centrovision.sync.cli;

import com.centrovision.sync.check.TableSurvey;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.problem.Text;
import com.centrovision.sync.tables.SyncedTable;
import com.centrovision.sync.tables.TableDraft;
import com.centrovision.sync.tables.TableInstallation;
import com.centrovision.sync.tables.TableShelf;
import java.io.IOException;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Looks at a table on both sides, tells what it finds, and has it synced: trigger, file, first load. */
@Command(name = "add")
final class TableAddCommand implements Callable<Integer> {
    @ParentCommand
    private TableCommand tables;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME", descriptionKey = "parameter.table")
    private String name;

    @Option(names = "--conflicts", descriptionKey = "option.conflicts", paramLabel = "STRATEGY")
    private Optional<String> conflicts = Optional.empty();

    @Option(names = "--direction", descriptionKey = "option.direction", paramLabel = "both|down|up")
    private Optional<String> direction = Optional.empty();

    @Option(names = "--filter", descriptionKey = "option.filter", paramLabel = "FILTER")
    private Optional<String> filter = Optional.empty();

    @Option(names = "--derived-columns", descriptionKey = "option.derived-columns", paramLabel = "COLUMNS")
    private Optional<String> derivedColumns = Optional.empty();

    @Option(names = "--interval-seconds", descriptionKey = "option.interval-seconds", paramLabel = "SECONDS")
    private Optional<String> interval = Optional.empty();

    @Option(names = "--dry-run", descriptionKey = "option.table-dry-run")
    private boolean dryRun;

    @Option(names = "--no-load", descriptionKey = "option.no-load")
    private boolean noLoad;

    @Override
    public Integer call() throws IOException, InterruptedException, SQLException {
        var draft = new TableDraft(name, parameters());
        var shelf = new TableShelf(tables.folder());
        shelf.existing(name).ifPresent(file -> {
            throw new Problem(ProblemCode.TABLE_FILE_EXISTS, file);
        });
        var table = draft.in(tables.folder());
        requireOwnRoute(table);
        var yaml = draft.yaml(tables.cli().locale());
        try (var survey =
                new TableSurvey(tables.cli().config(), tables.cli().home().path())) {
            tell(survey.look(table, tables.names(tables.declared())));
            if (dryRun) {
                say(Text.of("table.add.dry-run", table.file()));
                spec.commandLine().getOut().print(yaml);
                spec.commandLine().getOut().flush();
                return ExitCode.OK.value();
            }
            new TableInstallation(survey.clinic()).begin(table, yaml, shelf);
        }
        say(Text.of("table.add.done", table.file()));
        return noLoad
                ? ExitCode.OK.value()
                : new TableLoad(tables.cli(), spec.commandLine().getOut())
                        .run(table)
                        .value();
    }

    private Map<String, String> parameters() {
        var given = new LinkedHashMap<String, String>();
        conflicts.ifPresent(value -> given.put("conflicts", value));
        direction.ifPresent(value -> given.put("direction", value));
        filter.ifPresent(value -> given.put("filter", value));
        derivedColumns.ifPresent(value -> given.put("derived_columns", value));
        interval.ifPresent(value -> given.put("interval_seconds", value));
        return given;
    }

    private void requireOwnRoute(SyncedTable table) {
        tables.declared().tables().stream()
                .filter(other -> other.routeId().equals(table.routeId()))
                .findFirst()
                .ifPresent(other -> {
                    throw new Problem(
                            ProblemCode.TABLE_ROUTE_TWICE,
                            table.routeId(),
                            table.file().getFileName(),
                            other.file().getFileName());
                });
    }

    private void tell(TableSurvey.Seen seen) {
        var locale = tables.cli().locale();
        say(Text.of("table.add.rows", name, seen.clinicRows(), seen.cloudRows()));
        seen.findings().stream()
                .flatMap(finding -> finding.lines(locale))
                .forEach(spec.commandLine().getOut()::println);
        spec.commandLine().getOut().flush();
    }

    private void say(Text text) {
        spec.commandLine().getOut().println(text.in(tables.cli().locale()));
        spec.commandLine().getOut().flush();
    }
}
