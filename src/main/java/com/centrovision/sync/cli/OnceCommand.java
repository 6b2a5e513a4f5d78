package com.centrovision.sync.cli;

import com.centrovision.sync.config.LogSetup;
import com.centrovision.sync.problem.ExitCode;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** One full pass, here or by the service that runs already. */
@Command(name = "once")
final class OnceCommand implements Callable<Integer> {
    @ParentCommand
    private Cli cli;

    @Spec
    private CommandSpec spec;

    @Option(names = "--accept-deletes", descriptionKey = "option.accept-deletes", paramLabel = "TABLE")
    private List<String> acceptedDeletes = List.of();

    /** The end of {@code setup}: a person looks at the progress, the log goes to its file. */
    @Option(names = "--first", descriptionKey = "option.once-first", hidden = true)
    private boolean first;

    @Override
    public Integer call() throws InterruptedException, SQLException, JsonProcessingException {
        var out = spec.commandLine().getOut();
        var exitCode = new OncePass(cli, out, first ? LogSetup::startInFile : LogSetup::start).run(acceptedDeletes);
        if (first && (exitCode == ExitCode.OK || exitCode == ExitCode.FINDINGS)) {
            new NextSteps(cli.config(), out, cli.locale()).tell(true);
        }
        return exitCode.value();
    }
}
