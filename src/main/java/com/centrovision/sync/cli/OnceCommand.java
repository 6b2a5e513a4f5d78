package com.centrovision.sync.cli;

import com.centrovision.sync.config.LogSetup;
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

    @Override
    public Integer call() throws InterruptedException, SQLException, JsonProcessingException {
        return new OncePass(cli, spec.commandLine().getOut(), LogSetup::start)
                .run(acceptedDeletes)
                .value();
    }
}
