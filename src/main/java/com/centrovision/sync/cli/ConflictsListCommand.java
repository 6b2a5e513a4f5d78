package com.centrovision.sync.cli;

import com.centrovision.sync.conflicts.KeptConflict;
import com.centrovision.sync.conflicts.KeptConflicts;
import com.centrovision.sync.problem.ClinicTime;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.problem.Json;
import com.centrovision.sync.problem.Text;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The conflicts that wait for a person, then the newest that were decided; without a cell value. */
@Command(name = "list")
final class ConflictsListCommand implements Callable<Integer> {
    private static final int DECIDED = 20;
    private static final String LINE = "%-6s %-16s %-22s %-36s %-9s %-15s %s%n";

    @ParentCommand
    private ConflictsCommand conflicts;

    @Spec
    private CommandSpec spec;

    @Option(names = "--all", descriptionKey = "option.all")
    private boolean all;

    @Option(names = "--json", descriptionKey = "option.json")
    private boolean json;

    @Override
    public Integer call() throws JsonProcessingException {
        var kept = conflicts.inClinic(clinic -> {
            var reader = new KeptConflicts(clinic);
            return all ? reader.all() : reader.newest(DECIDED);
        });
        var out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.of(kept));
        } else {
            print(kept, out);
        }
        out.flush();
        return ExitCode.OK.value();
    }

    private void print(List<KeptConflict> kept, PrintWriter out) {
        var locale = conflicts.locale();
        if (kept.isEmpty()) {
            out.println(Text.of("conflicts.none").in(locale));
            return;
        }
        out.println(Text.of("conflicts.heading").in(locale));
        kept.forEach(conflict -> out.printf(
                locale,
                LINE,
                conflict.id(),
                ClinicTime.minute(conflict.createdAt()),
                conflict.tableName(),
                conflict.recordId(),
                ConflictsCommand.winner(conflict.resolution()).in(locale),
                conflict.strategy(),
                Text.of("conflict.kind." + conflict.kind()).in(locale)));
        var decided =
                kept.stream().filter(conflict -> conflict.resolvedAt() != null).count();
        if (!all && decided == DECIDED) {
            out.println(Text.of("conflicts.more", DECIDED).in(locale));
        }
    }
}
