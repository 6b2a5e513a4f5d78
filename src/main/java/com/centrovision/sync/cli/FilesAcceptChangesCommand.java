package com.centrovision.sync.cli;

import com.centrovision.sync.files.WaitingFiles;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.problem.Text;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Confirms that so many files of the folder were meant to be changed: they replace the cloud's. */
@Command(name = "accept-changes")
final class FilesAcceptChangesCommand implements Callable<Integer> {
    @ParentCommand
    private FilesCommand files;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "BUCKET", descriptionKey = "parameter.bucket")
    private String bucket;

    @Override
    public Integer call() {
        files.bucket(bucket);
        var accepted = files.inClinic(clinic -> new WaitingFiles(clinic).acceptChanges(bucket));
        var out = spec.commandLine().getOut();
        out.println(Text.of(accepted > 0 ? "files.changes-accepted" : "files.nothing-to-accept", accepted)
                .in(files.locale()));
        out.flush();
        return (accepted > 0 ? ExitCode.OK : ExitCode.FINDINGS).value();
    }
}
