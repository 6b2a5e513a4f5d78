package com.centrovision.sync.cli;

import com.centrovision.sync.problem.ClinicTime;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.problem.Json;
import com.centrovision.sync.problem.Text;
import com.centrovision.sync.quarantine.QuarantinedRows;
import com.centrovision.sync.quarantine.RefusedRow;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The rows that one side refuses now, the oldest first; without a cell value. */
@Command(name = "list")
final class QuarantineListCommand implements Callable<Integer> {
    private static final int SHOWN = 1000;

    @ParentCommand
    private QuarantineCommand quarantine;

    @Spec
    private CommandSpec spec;

    @Option(names = "--all", descriptionKey = "option.all-refused")
    private boolean all;

    @Option(names = "--json", descriptionKey = "option.json")
    private boolean json;

    @Override
    public Integer call() throws JsonProcessingException {
        var rows = quarantine.inClinic(clinic -> new QuarantinedRows(clinic)
                .list(all, SHOWN).stream()
                        .map(row -> row.in(quarantine.locale()))
                        .toList());
        var out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.of(rows));
        } else if (rows.isEmpty()) {
            out.println(Text.of("quarantine.none").in(quarantine.locale()));
        } else {
            lines(rows).forEach(out::println);
        }
        out.flush();
        return ExitCode.OK.value();
    }

    private List<String> lines(List<RefusedRow> rows) {
        var locale = quarantine.locale();
        var table = new TextTable(
                List.of(0, 5), Text.of("quarantine.heading").in(locale).split("\\|"));
        for (var row : rows) {
            table.add(
                    row.id(),
                    QuarantineCommand.direction(row.direction()).in(locale),
                    row.tableName(),
                    row.recordId(),
                    ClinicTime.minute(row.firstAt()),
                    row.attempts(),
                    row.isGivenUp() ? QuarantineCommand.givenUp(row).in(locale) : row.reason());
        }
        return table.lines();
    }
}
