package com.centrovision.sync.cli;

import com.centrovision.sync.files.WaitingFiles;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.problem.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Has files tried again at once that could not be moved. */
@Command(name = "retry")
final class FilesRetryCommand implements Callable<Integer> {
    @ParentCommand
    private FilesCommand files;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "ID", descriptionKey = "parameter.files", arity = "0..*")
    private List<UUID> ids = new ArrayList<>();

    @Option(names = "--all", descriptionKey = "option.retry-all-files")
    private boolean all;

    @Override
    public Integer call() {
        if (all != ids.isEmpty()) {
            throw new Problem(ProblemCode.START_WRONG_USE, Text.of("files.which"));
        }
        var tried = files.inClinic(clinic -> new WaitingFiles(clinic).tryAgain(ids));
        var out = spec.commandLine().getOut();
        out.println(Text.of("files.retried", tried).in(files.locale()));
        out.flush();
        return ExitCode.OK.value();
    }
}
