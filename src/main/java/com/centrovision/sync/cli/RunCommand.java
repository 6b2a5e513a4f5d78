package com.centrovision.sync.cli;

import com.centrovision.sync.config.Config.Logging;
import com.centrovision.sync.config.LogSetup;
import com.centrovision.sync.console.Console;
import com.centrovision.sync.down.PassListener;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.runtime.SyncService;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** The service, in the foreground, until it is told to stop. */
@Command(name = "run")
final class RunCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

    private final CountDownLatch stop;
    private final BiConsumer<Logging, Path> log;

    @ParentCommand
    private Cli cli;

    RunCommand() {
        this(new CountDownLatch(1), LogSetup::start);
    }

    /** @param stop ends the service when it is counted down */
    RunCommand(CountDownLatch stop, BiConsumer<Logging, Path> log) {
        this.stop = stop;
        this.log = log;
    }

    @Override
    public Integer call() throws InterruptedException, SQLException {
        var config = cli.config();
        log.accept(config.logging(), cli.home().path());
        cli.warnings().forEach(warning -> LOG.warn("{}", warning));
        try (var signal = new StopSignal(stop);
                var service = new SyncService(config, cli.home().path(), SyncService.Mode.CONTINUOUS)) {
            if (service.becomesWriter(time -> signal.await(time.toMillis(), TimeUnit.MILLISECONDS))) {
                service.greetCloud().ifPresent(problem -> LOG.warn("cloud not ready problem={}", problem.getMessage()));
                service.start(PassListener.NONE, new Console(config, cli.home().path()));
                signal.await();
            }
        }
        return ExitCode.OK.value();
    }
}
