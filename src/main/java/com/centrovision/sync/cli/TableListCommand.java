package com.centrovision.sync.cli;

import com.centrovision.sync.clinic.ClinicDatabase;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.problem.Json;
import com.centrovision.sync.problem.Text;
import com.centrovision.sync.status.StatusReader;
import com.centrovision.sync.status.StatusSnapshot;
import com.centrovision.sync.tables.SyncedTable;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The tables that the files declare, and how each of them stands. */
@Command(name = "list")
final class TableListCommand implements Callable<Integer> {
    @ParentCommand
    private TableCommand tables;

    @Spec
    private CommandSpec spec;

    @Option(names = "--json", descriptionKey = "option.json")
    private boolean json;

    /** @param state {@code synced}, {@code loading}, {@code left-out}, or {@code new} where no service has seen it */
    private record Line(
            String name,
            String state,
            String direction,
            String conflicts,
            String filter,
            List<String> derivedColumns,
            long intervalSeconds,
            String file) {}

    @Override
    public Integer call() throws JsonProcessingException {
        var config = tables.cli().config();
        var declared = tables.declared();
        var locale = tables.cli().locale();
        declared.problems().forEach(problem -> spec.commandLine().getErr().println(problem.message(locale)));
        var known = ClinicWork.in(config.localPostgres(), this::states);
        var lines = declared.tables().stream()
                .map(table -> line(table, known, config.sync().interval().toSeconds()))
                .toList();
        var out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.of(lines));
        } else {
            print(lines);
        }
        out.flush();
        return (declared.problems().isEmpty() ? ExitCode.OK : ExitCode.CONFIGURATION).value();
    }

    private Map<String, StatusSnapshot.Table> states(ClinicDatabase clinic) {
        return new StatusReader(clinic.jdbc())
                .read().tables().stream().collect(Collectors.toMap(StatusSnapshot.Table::name, table -> table));
    }

    private static Line line(SyncedTable table, Map<String, StatusSnapshot.Table> known, long interval) {
        return new Line(
                table.name(),
                TableState.of(Optional.ofNullable(known.get(table.name())), table.direction()),
                table.direction(),
                table.conflicts(),
                table.filter(),
                table.derivedColumns(),
                table.intervalSeconds().isPresent() ? table.intervalSeconds().getAsInt() : interval,
                table.file().getFileName().toString());
    }

    private void print(List<Line> lines) {
        var locale = tables.cli().locale();
        var table = new TextTable(
                List.of(4), Text.of("table.list.heading").in(locale).split("\\|"));
        for (var line : lines) {
            table.add(
                    line.name(),
                    Text.of("table.state." + line.state()).in(locale),
                    line.direction(),
                    line.conflicts(),
                    line.intervalSeconds(),
                    line.filter().isEmpty() ? "-" : line.filter(),
                    line.derivedColumns().isEmpty() ? "-" : String.join(",", line.derivedColumns()));
        }
        table.lines().forEach(spec.commandLine().getOut()::println);
    }
}
