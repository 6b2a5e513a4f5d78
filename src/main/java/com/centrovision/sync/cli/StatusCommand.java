package com.centrovision.sync.cli;

import com.centrovision.sync.clinic.ClinicDatabase;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.problem.Text;
import com.centrovision.sync.status.StatusReader;
import com.centrovision.sync.status.StatusSnapshot;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.springframework.jdbc.BadSqlGrammarException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** How the sync stands, read from the clinic's database. */
@Command(name = "status")
final class StatusCommand implements Callable<Integer> {
    @ParentCommand
    private Cli cli;

    @Spec
    private CommandSpec spec;

    @Option(names = "--json", descriptionKey = "option.json")
    private boolean json;

    @Override
    public Integer call() throws JsonProcessingException {
        var settings = cli.config().localPostgres();
        try (var clinic = new ClinicDatabase(settings, 2)) {
            clinic.start();
            var status = new StatusReader(clinic.jdbc()).read();
            var out = spec.commandLine().getOut();
            if (json) {
                out.println(Json.of(status));
            } else {
                print(status, out);
            }
            out.flush();
            return ExitCode.OK.value();
        } catch (BadSqlGrammarException notPrepared) {
            throw new Problem(ProblemCode.CLINIC_NOT_PREPARED, settings.database()).causedBy(notPrepared);
        }
    }

    private void print(StatusSnapshot status, PrintWriter out) {
        var locale = cli.locale();
        out.println(Text.of(
                        "status.mode",
                        Text.of("status.mode." + status.mode()),
                        status.reason(),
                        ClinicTime.second(status.since()))
                .in(locale));
        if (status.cloudMode() != null) {
            out.println(Text.of(status.cloudMode().equals("assisted") ? "status.cloud.assisted" : "status.cloud.rest")
                    .in(locale));
        }
        out.println(Text.of(
                        "status.sums",
                        ClinicTime.second(status.lastPass()),
                        status.pending(),
                        status.held(),
                        status.quarantine(),
                        status.conflicts())
                .in(locale));
        out.println(Text.of("status.heading").in(locale));
        for (var table : status.tables()) {
            out.printf(
                    locale,
                    "%-22s %-19s %,10d %,10d %8d %8d  %s%n",
                    table.name(),
                    ClinicTime.second(table.lastSync()),
                    table.rowsDown(),
                    table.rowsUp(),
                    table.pending(),
                    table.quarantine(),
                    Optional.ofNullable(table.lastError()).orElse(""));
        }
    }
}
