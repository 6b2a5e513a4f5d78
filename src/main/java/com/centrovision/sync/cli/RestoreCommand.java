package com.centrovision.sync.cli;

import com.centrovision.sync.backup.BackupFolder;
import com.centrovision.sync.backup.Restore;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.problem.Text;
import com.centrovision.sync.runtime.SyncService;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Puts a backup into a new database; where that is asked and confirmed, into the place of the clinic's own. */
@Command(name = "restore")
final class RestoreCommand implements Callable<Integer> {
    private static final String PASSWORD = "CENTROVISION_RESTORE_PASSWORD";

    @ParentCommand
    private Cli cli;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", descriptionKey = "parameter.backup", arity = "0..1")
    private Optional<Path> file = Optional.empty();

    @Option(names = "--key", descriptionKey = "option.private-key-file", paramLabel = "FILE")
    private Optional<Path> keyFile = Optional.empty();

    @Option(names = "--database", descriptionKey = "option.restore-database", paramLabel = "NAME")
    private Optional<String> database = Optional.empty();

    @Option(names = "--replace", descriptionKey = "option.replace")
    private boolean replace;

    @Option(names = "--user", descriptionKey = "option.restore-user", paramLabel = "NAME")
    private Optional<String> user = Optional.empty();

    @Option(names = "--yes", descriptionKey = "option.yes")
    private boolean yes;

    @Option(names = "--reconcile", descriptionKey = "option.reconcile")
    private boolean reconcile;

    @Override
    public Integer call() throws InterruptedException, SQLException {
        if (replace && database.isPresent() || reconcile && (replace || file.isPresent() || database.isPresent())) {
            throw new Problem(ProblemCode.START_WRONG_USE, Text.of("restore.either"));
        }
        return reconcile ? reconcile() : restore();
    }

    private int restore() throws InterruptedException {
        var config = cli.config();
        var name = config.localPostgres().database();
        var found = new BackupFolder(config.backup().folder()).find(file);
        var keys = PrivateKey.of(keyFile, cli.locale());
        Restore.isIntact(found);
        if (replace && !yes && !Confirmation.of(Text.of("restore.sure", name, found.getFileName()), cli.locale())) {
            tell(Text.of("restore.not-done"));
            return ExitCode.FINDINGS.value();
        }
        var own = new Restore(config, Clock.systemUTC());
        var restore =
                user.map(administrator -> own.as(administrator, password())).orElse(own);
        if (replace) {
            var before = restore.replace(found, keys);
            tell(Text.of("restore.replaced", found.getFileName(), name));
            before.ifPresent(old -> tell(Text.of("restore.kept", old)));
            tell(Text.of("restore.next"));
        } else {
            tell(Text.of("restore.beside", found.getFileName(), restore.beside(found, keys, database), name));
        }
        return ExitCode.OK.value();
    }

    private String password() {
        return Optional.ofNullable(cli.environment().get(PASSWORD))
                .orElseGet(() ->
                        new String(PrivateKey.secret("restore.ask-password", "restore.needs-password", cli.locale())));
    }

    /** For a database that was put back by other means, such as an image of the machine, which leave no mark. */
    private int reconcile() throws SQLException {
        try (var service = new SyncService(cli.config(), cli.home().path(), SyncService.Mode.ON_DEMAND)) {
            service.initRestored();
        }
        tell(Text.of("restore.reconciles"));
        return ExitCode.OK.value();
    }

    private void tell(Text text) {
        var out = spec.commandLine().getOut();
        out.println(text.in(cli.locale()));
        out.flush();
    }
}
