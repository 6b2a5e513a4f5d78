package com.centrovision.sync.cli;

import com.centrovision.sync.problem.ClinicTime;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.problem.Json;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.problem.Text;
import com.centrovision.sync.quarantine.QuarantinedRows;
import com.centrovision.sync.quarantine.RefusedContent;
import com.centrovision.sync.quarantine.RefusedRow;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** A refused row in full. It prints a patient's data to the person who asked, and nowhere else. */
@Command(name = "show")
final class QuarantineShowCommand implements Callable<Integer> {
    @ParentCommand
    private QuarantineCommand quarantine;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "ID", descriptionKey = "parameter.refused")
    private long id;

    @Option(names = "--json", descriptionKey = "option.json")
    private boolean json;

    private record Shown(@JsonUnwrapped RefusedRow row, List<RefusedContent.Cell> columns) {}

    @Override
    public Integer call() throws JsonProcessingException {
        var shown = quarantine.inClinic(clinic -> {
            var rows = new QuarantinedRows(clinic);
            var row = rows.find(id).orElseThrow(() -> new Problem(ProblemCode.QUARANTINE_UNKNOWN, String.valueOf(id)));
            return new Shown(row.in(quarantine.locale()), rows.content(id).columns());
        });
        var out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.of(shown));
        } else {
            print(shown);
        }
        out.flush();
        return ExitCode.OK.value();
    }

    /** Most reasons end with it. */
    private static Object code(RefusedRow row) {
        return Optional.ofNullable(row.code())
                .filter(code -> !Optional.ofNullable(row.reason()).orElse("").contains(code))
                .<Object>map(code -> Text.of("stored.code", code))
                .orElse("");
    }

    private void print(Shown shown) {
        var locale = quarantine.locale();
        var row = shown.row();
        var out = spec.commandLine().getOut();
        out.println(Text.of("quarantine.title", row.id(), row.tableName(), row.recordId())
                .in(locale));
        out.println(Text.of(
                        "quarantine.why",
                        QuarantineCommand.direction(row.direction()),
                        Optional.ofNullable(row.reason()).orElse("-"),
                        code(row))
                .in(locale));
        out.println(Text.of(
                        "quarantine.tries",
                        row.attempts(),
                        ClinicTime.minute(row.firstAt()),
                        ClinicTime.minute(row.lastAt()),
                        ClinicTime.minute(row.nextAttemptAt()))
                .in(locale));
        if (row.isGivenUp()) {
            out.println(QuarantineCommand.givenUp(row).in(locale));
        }
        out.println();
        var table = new TextTable(
                List.of(), Text.of("quarantine.columns").in(locale).split("\\|"));
        shown.columns().forEach(cell -> table.add(cell.name(), cell.value()));
        table.lines().forEach(out::println);
    }
}
