package com.centrovision.sync.cli;

import com.centrovision.sync.clinic.ClinicDatabase;
import com.centrovision.sync.clinic.ClinicFailures;
import com.centrovision.sync.config.Config;
import com.centrovision.sync.demo.show.Screen;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.problem.Json;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.problem.Text;
import com.centrovision.sync.status.StatusReader;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.BadSqlGrammarException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** How the sync stands, read from the clinic's database, once or again and again. */
@Command(name = "status")
final class StatusCommand implements Callable<Integer> {
    private static final String CLEARED_SCREEN = "\u001b[H\u001b[2J";
    private static final int LONGEST_SECONDS = 3600;

    @ParentCommand
    private Cli cli;

    @Spec
    private CommandSpec spec;

    @Option(names = "--json", descriptionKey = "option.json")
    private boolean json;

    @Option(
            names = "--watch",
            descriptionKey = "option.watch",
            paramLabel = "SECONDS",
            arity = "0..1",
            fallbackValue = "2")
    private Optional<Integer> watch = Optional.empty();

    @Override
    public Integer call() throws InterruptedException, JsonProcessingException {
        watch.filter(seconds -> seconds < 1 || seconds > LONGEST_SECONDS).ifPresent(seconds -> {
            throw new Problem(ProblemCode.START_WRONG_USE, Text.of("status.watch", seconds, LONGEST_SECONDS));
        });
        var settings = cli.config().localPostgres();
        try (var clinic = new ClinicDatabase(settings, 2)) {
            clinic.start();
            show(clinic, settings);
            if (watch.isPresent()) {
                again(clinic, settings, watch.get());
            }
            return ExitCode.OK.value();
        } catch (BadSqlGrammarException notPrepared) {
            throw new Problem(ProblemCode.CLINIC_NOT_PREPARED, settings.database()).causedBy(notPrepared);
        }
    }

    /** Until Ctrl-C, or until nobody reads any more; a database that is away for a while ends nothing. */
    private void again(ClinicDatabase clinic, Config.LocalPostgres settings, int seconds)
            throws InterruptedException, JsonProcessingException {
        var out = spec.commandLine().getOut();
        try (var stop = new StopSignal()) {
            while (!stop.await(seconds, TimeUnit.SECONDS) && Cli.isRead(out)) {
                try {
                    show(clinic, settings);
                } catch (BadSqlGrammarException notPrepared) {
                    throw notPrepared;
                } catch (DataAccessException outage) {
                    new ClinicFailures(settings)
                            .in(outage)
                            .ifPresent(problem -> spec.commandLine().getErr().println(problem.message(cli.locale())));
                }
            }
        }
    }

    private void show(ClinicDatabase clinic, Config.LocalPostgres settings) throws JsonProcessingException {
        var status = new StatusReader(clinic.jdbc()).read().in(cli.locale());
        var out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.of(status));
        } else {
            if (watch.isPresent()) {
                out.print(Screen.isTerminal(System.getenv()) ? CLEARED_SCREEN : System.lineSeparator());
            }
            new StatusText(status, new ClinicFailures(settings), cli.locale())
                    .lines()
                    .forEach(out::println);
        }
        out.flush();
    }
}
