package com.centrovision.sync.cli;

import com.centrovision.sync.clinic.ClinicDatabase;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.problem.Text;
import com.centrovision.sync.status.StatusReader;
import com.centrovision.sync.status.StatusSnapshot;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
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
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("dd/MM/yyyy HH:mm:ss").withZone(ZoneId.of("America/Tegucigalpa"));

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
                out.println(mapper().writeValueAsString(status));
            } else {
                print(status, out);
            }
            out.flush();
            return ExitCode.OK.value();
        } catch (BadSqlGrammarException notPrepared) {
            throw new Problem(ProblemCode.CLINIC_NOT_PREPARED, settings.database()).causedBy(notPrepared);
        }
    }

    private static JsonMapper mapper() {
        return JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .serializationInclusion(JsonInclude.Include.ALWAYS)
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .addModule(new InstantText())
                .build();
    }

    private void print(StatusSnapshot status, PrintWriter out) {
        var locale = cli.locale();
        out.println(
                Text.of("status.mode", Text.of("status.mode." + status.mode()), status.reason(), time(status.since()))
                        .in(locale));
        out.println(Text.of(
                        "status.sums",
                        time(status.lastPass()),
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
                    time(table.lastSync()),
                    table.rowsDown(),
                    table.rowsUp(),
                    table.pending(),
                    table.quarantine(),
                    Optional.ofNullable(table.lastError()).orElse(""));
        }
    }

    private static String time(Instant instant) {
        return instant == null ? "-" : TIME.format(instant);
    }
}
