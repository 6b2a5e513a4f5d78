package com.centrovision.sync.cli;

import com.centrovision.sync.alerts.AlertTexts;
import com.centrovision.sync.clinic.ClinicDatabase;
import com.centrovision.sync.clinic.ClinicFailures;
import com.centrovision.sync.config.Severity;
import com.centrovision.sync.problem.ClinicTime;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.problem.Json;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.problem.Text;
import com.centrovision.sync.status.Backlog;
import com.centrovision.sync.status.ServiceStatus;
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
            var status = new StatusReader(clinic.jdbc(), cli.locale()).read();
            var out = spec.commandLine().getOut();
            if (json) {
                out.println(Json.of(status));
            } else {
                print(status, new ClinicFailures(settings), out);
            }
            out.flush();
            return ExitCode.OK.value();
        } catch (BadSqlGrammarException notPrepared) {
            throw new Problem(ProblemCode.CLINIC_NOT_PREPARED, settings.database()).causedBy(notPrepared);
        }
    }

    /** In words; a newer service may know more of them than this command. */
    private Object reason(ServiceStatus service) {
        var key = "status.reason." + service.reason();
        return Text.bundle(cli.locale()).containsKey(key) ? Text.of(key) : service.reason();
    }

    private void print(StatusSnapshot status, ClinicFailures failures, PrintWriter out) {
        var locale = cli.locale();
        var service = status.service();
        status.alerts()
                .forEach(alert -> out.println(
                        Text.of("status.alert", severity(alert), alert.text()).in(locale)));
        status.failingChannels()
                .forEach(channel -> out.println(Text.of(
                                "status.channel",
                                channel.channel(),
                                channel.waiting(),
                                ClinicTime.minute(channel.since()),
                                AlertTexts.failure(channel.reason()))
                        .in(locale)));
        out.println(Text.of(
                        "status.mode",
                        Text.of("status.mode." + service.mode()),
                        reason(service),
                        ClinicTime.second(service.since()))
                .in(locale));
        if (service.clinicProblem() != null) {
            out.println(failures.noted(service.clinicProblem()).message(locale));
        }
        if (service.isStopped() && !status.standbys().isEmpty()) {
            out.println(Text.of("status.no-writer").in(locale));
        }
        for (var standby : status.standbys()) {
            out.println(Text.of(
                            "status.standby",
                            standby.host(),
                            String.valueOf(standby.processId()),
                            ClinicTime.second(standby.since()))
                    .in(locale));
        }
        if (service.cloudMode() != null) {
            out.println(Text.of(service.cloudMode().equals("assisted") ? "status.cloud.assisted" : "status.cloud.rest")
                    .in(locale));
        }
        out.println(Text.of(
                        "status.sums",
                        ClinicTime.second(service.lastPass()),
                        status.pending(),
                        status.held(),
                        status.quarantine(),
                        status.conflicts())
                .in(locale));
        printBacklog(out, "status.backlog.up", service.backlogUp());
        printBacklog(out, "status.backlog.down", service.backlogDown());
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

    private void printBacklog(PrintWriter out, String text, Backlog backlog) {
        if (backlog != null) {
            var minutes = Optional.ofNullable(backlog.minutesLeft())
                    .map(Object::toString)
                    .orElse("?");
            out.println(Text.of(text, backlog.left(), backlog.rowsPerSecond(), minutes)
                    .in(cli.locale()));
        }
    }

    private static Text severity(StatusSnapshot.OpenAlert alert) {
        return AlertTexts.severity(Severity.of(alert.severity()));
    }
}
