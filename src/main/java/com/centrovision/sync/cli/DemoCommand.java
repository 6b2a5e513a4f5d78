package com.centrovision.sync.cli;

import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.demo.LabUnavailable;
import com.centrovision.sync.demo.show.Screen;
import com.centrovision.sync.demo.show.Show;
import com.centrovision.sync.demo.show.Stage;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.problem.Text;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** A cloud, a clinic and the service between them on this machine, and people who work on both sides. */
@Command(name = "demo")
final class DemoCommand implements Callable<Integer> {
    private static final Duration GRACE = Duration.ofSeconds(30);

    @ParentCommand
    private Cli cli;

    @Spec
    private CommandSpec spec;

    @Option(names = "--rounds", descriptionKey = "option.rounds", paramLabel = "N")
    private Optional<Integer> rounds = Optional.empty();

    @Option(names = "--seed", descriptionKey = "option.seed", paramLabel = "TEXT", defaultValue = "centrovision")
    private String seed;

    @Override
    public Integer call() {
        if (rounds.filter(number -> number < 1).isPresent()) {
            throw new Problem(ProblemCode.START_WRONG_USE, Text.of("cli.wrong", "--rounds=" + rounds.get()));
        }
        try (var stop = new StopSignal(GRACE)) {
            try {
                return play(stop).value();
            } catch (LabUnavailable unavailable) {
                if (stop.isAsked()) {
                    return ExitCode.OK.value();
                }
                throw new Problem(ProblemCode.DEMO_UNAVAILABLE, unavailable.getMessage()).causedBy(unavailable);
            } catch (RuntimeException failure) {
                if (stop.isAsked()) {
                    return ExitCode.OK.value();
                }
                throw failure;
            }
        }
    }

    private ExitCode play(StopSignal stop) {
        say(Text.of("demo.welcome"));
        say(Text.of("demo.preparing"));
        try (var stage = Stage.open(cli.home().path(), seed)) {
            tellHowToLookCloser(stage);
            try (var screen = Screen.on(spec.commandLine().getOut(), cli.locale(), stage.sides(), System.getenv())) {
                var show = new Show(stage, screen, duration -> rest(stop, duration), cli.locale(), seed);
                return show.play(rounds.orElse(Integer.MAX_VALUE)) ? ExitCode.OK : ExitCode.FINDINGS;
            } catch (InterruptedException stopped) {
                return ExitCode.OK;
            } finally {
                say(Text.of("demo.ending"));
            }
        }
    }

    private static void rest(StopSignal stop, Duration duration) throws InterruptedException {
        if (stop.await(duration.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new InterruptedException("asked to stop");
        }
    }

    private void tellHowToLookCloser(Stage stage) {
        var lab = stage.lab();
        say(Text.of("demo.look"));
        say(Text.of("demo.look.console", stage.page()));
        say(Text.of("demo.look.clinic", address(lab.clinic())));
        say(Text.of("demo.look.cloud", address(lab.cloud())));
        say(Text.of("demo.look.gateway", lab.supabaseUrl(), lab.secretKey()));
        var command = cli.home().path().resolve("bin/centrovision-sync");
        say(Text.of("demo.look.status", command, stage.settings()));
        say(Text.of("demo.look.log", command, stage.settings()));
        say(Text.of("demo.stop"));
    }

    private static String address(LabDatabase database) {
        return "postgresql://%s:%s@%s:%d/%s"
                .formatted(database.user(), database.password(), database.host(), database.port(), database.name());
    }

    private void say(Text text) {
        var out = spec.commandLine().getOut();
        out.println(text.in(cli.locale()));
        out.flush();
    }
}
