package com.centrovision.sync.cli;

import com.centrovision.sync.cli.logs.LogFollower;
import com.centrovision.sync.cli.logs.LogTail;
import com.centrovision.sync.config.LogText;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.problem.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.slf4j.event.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The log of the service: its last lines, and those that come. */
@Command(name = "logs")
final class LogsCommand implements Callable<Integer> {
    private static final int MOST = 1_000_000;
    private static final long LOOK_MILLIS = 200;

    @ParentCommand
    private Cli cli;

    @Spec
    private CommandSpec spec;

    @Option(names = "--follow", descriptionKey = "option.follow")
    private boolean follow;

    @Option(names = "--lines", descriptionKey = "option.lines", paramLabel = "N", defaultValue = "50")
    private int lines;

    @Option(
            names = "--level",
            descriptionKey = "option.level",
            paramLabel = "debug|info|warn|error",
            defaultValue = "debug")
    private Level least;

    @Override
    public Integer call() throws InterruptedException {
        if (lines < 0 || lines > MOST) {
            throw new Problem(ProblemCode.START_WRONG_USE, Text.of("logs.lines", lines, MOST));
        }
        var logging = cli.config().logging();
        var file = cli.home().path().resolve(logging.file());
        if (!Files.exists(file)) {
            throw new Problem(ProblemCode.LOG_MISSING, file);
        }
        try {
            read(file, logging.maxFiles());
        } catch (NoSuchFileException gone) {
            throw new Problem(ProblemCode.LOG_MISSING, file).causedBy(gone);
        } catch (IOException unreadable) {
            throw new Problem(ProblemCode.LOG_UNREADABLE, file, LogText.of(unreadable)).causedBy(unreadable);
        }
        return ExitCode.OK.value();
    }

    private void read(Path file, int files) throws IOException, InterruptedException {
        var tail = new LogTail(file, files, least);
        if (!follow) {
            print(tail.last(lines));
            return;
        }
        try (var stop = new StopSignal();
                var follower = LogFollower.atTheEndOf(file, least)) {
            print(tail.last(lines));
            while (!stop.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)
                    && Cli.isRead(spec.commandLine().getOut())) {
                print(follower.next());
            }
        }
    }

    private void print(Iterable<String> found) {
        found.forEach(spec.commandLine().getOut()::println);
        spec.commandLine().getOut().flush();
    }
}
