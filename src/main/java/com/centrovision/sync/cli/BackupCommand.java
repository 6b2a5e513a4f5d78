package com.centrovision.sync.cli;

import com.centrovision.sync.backup.BackupFolder;
import com.centrovision.sync.backup.ClinicBackup;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.problem.Text;
import com.centrovision.sync.runtime.SyncService;
import java.time.Clock;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Makes a backup of the clinic's database now; below it what there is about backups. */
@Command(
        name = "backup",
        subcommands = {BackupListCommand.class, BackupVerifyCommand.class, BackupKeyCommand.class})
final class BackupCommand implements Callable<Integer> {
    @ParentCommand
    private Cli cli;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        var made = new ClinicBackup(cli.config(), SyncService.version(), Clock.systemUTC()).make();
        var out = spec.commandLine().getOut();
        out.println(Text.of("backup.made", made.file(), size(made.bytes()), made.rows())
                .in(cli.locale()));
        if (made.notProved().isEmpty()) {
            out.println(Text.of("backup.proved").in(cli.locale()));
        }
        out.flush();
        made.problem().ifPresent(problem -> {
            throw problem;
        });
        return ExitCode.OK.value();
    }

    Cli cli() {
        return cli;
    }

    BackupFolder folder() {
        return new BackupFolder(cli.config().backup().folder());
    }

    /** In MB, as people read it. */
    static String size(long bytes) {
        return String.format(Locale.ROOT, "%.1f", bytes / 1048576.0);
    }
}
