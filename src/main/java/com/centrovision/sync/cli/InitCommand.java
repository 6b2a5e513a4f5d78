package com.centrovision.sync.cli;

import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.problem.Text;
import com.centrovision.sync.runtime.SyncService;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Creates or upgrades the control tables and the triggers. */
@Command(name = "init")
final class InitCommand implements Callable<Integer> {
    @ParentCommand
    private Cli cli;

    @Spec
    private CommandSpec spec;

    @Option(names = "--accept-cloud", descriptionKey = "option.accept-cloud")
    private boolean acceptCloud;

    @Option(names = "--restored-cloud", descriptionKey = "option.restored-cloud")
    private boolean restoredCloud;

    @Override
    public Integer call() throws SQLException {
        var config = cli.config();
        var command = spec.commandLine();
        try (var service = new SyncService(config, cli.home().path(), SyncService.Mode.ON_DEMAND)) {
            service.declared().problems().forEach(problem -> command.getErr().println(problem.message(cli.locale())));
            if (acceptCloud) {
                service.initForOtherCloud();
            } else if (restoredCloud) {
                service.initForRestoredCloud();
            } else {
                service.init();
            }
            command.getOut()
                    .println(Text.of(
                                    "init.done",
                                    config.localPostgres().database(),
                                    service.declared().tables().size())
                            .in(cli.locale()));
            return service.declared().problems().isEmpty() ? ExitCode.OK.value() : ExitCode.CONFIGURATION.value();
        }
    }
}
