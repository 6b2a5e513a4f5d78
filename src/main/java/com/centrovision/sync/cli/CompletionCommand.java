package com.centrovision.sync.cli;

import com.centrovision.sync.problem.ExitCode;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The script with which a shell completes this program's commands and options. */
@Command(name = "completion")
final class CompletionCommand implements Callable<Integer> {
    /** A shell that there is a script for. */
    enum Shell {
        BASH,
        POWERSHELL
    }

    @ParentCommand
    private Cli cli;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "bash|powershell", descriptionKey = "parameter.shell")
    private Shell shell;

    @Override
    public Integer call() {
        var program = spec.root().commandLine();
        var out = spec.commandLine().getOut();
        out.print(
                switch (shell) {
                    case BASH -> AutoComplete.bash(program.getCommandName(), program);
                    case POWERSHELL -> new PowershellCompletion(program).script();
                });
        out.flush();
        return ExitCode.OK.value();
    }
}
