package com.centrovision.sync.cli;

import com.centrovision.sync.backup.Restore;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.problem.Text;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Reads a backup whole; with the private key, restores it into a database that is thrown away. */
@Command(name = "verify")
final class BackupVerifyCommand implements Callable<Integer> {
    @ParentCommand
    private BackupCommand backup;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", descriptionKey = "parameter.backup", arity = "0..1")
    private Optional<Path> file = Optional.empty();

    @Option(names = "--key", descriptionKey = "option.private-key-file", paramLabel = "FILE")
    private Optional<Path> keyFile = Optional.empty();

    @Option(names = "--ask-key", descriptionKey = "option.ask-key")
    private boolean askKey;

    @Override
    public Integer call() throws InterruptedException {
        var found = backup.folder().find(file);
        var locale = backup.cli().locale();
        var out = spec.commandLine().getOut();
        var known = Restore.isIntact(found);
        out.println(Text.of(known ? "backup.intact" : "backup.no-manifest", found.getFileName())
                .in(locale));
        out.flush();
        if (askKey || keyFile.isPresent()) {
            new Restore(backup.cli().config(), Clock.systemUTC()).tryOut(found, PrivateKey.of(keyFile, locale));
            out.println(Text.of("backup.restores", found.getFileName()).in(locale));
        } else {
            out.println(Text.of("backup.no-key-given").in(locale));
        }
        out.flush();
        return ExitCode.OK.value();
    }
}
