package com.centrovision.sync.cli;

import com.centrovision.sync.clinic.ClinicDatabase;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.problem.Text;
import com.centrovision.sync.status.StatusReader;
import com.centrovision.sync.tables.TableInstallation;
import com.centrovision.sync.tables.TableInstallation.Released;
import com.centrovision.sync.tables.TableShelf;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/**
 * Ends the syncing of a table; its rows stay on both sides. The file goes out of the services' sight first, so that none
 * installs the triggers again that are dropped then, and comes back where changes still wait.
 */
@Command(name = "remove")
final class TableRemoveCommand implements Callable<Integer> {
    private static final Duration LET_GO_WITHIN = Duration.ofSeconds(30);
    private static final long LOOK_MILLIS = 200;

    @ParentCommand
    private TableCommand tables;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME", descriptionKey = "parameter.table")
    private String name;

    @Option(names = "--yes", descriptionKey = "option.yes")
    private boolean yes;

    @Override
    public Integer call() {
        var file = tables.file(name);
        return ClinicWork.in(tables.cli().config().localPostgres(), clinic -> remove(file, clinic))
                .value();
    }

    private ExitCode remove(Path file, ClinicDatabase clinic) {
        var installation = new TableInstallation(clinic.dataSource());
        requireNothingWaits(installation);
        var locale = tables.cli().locale();
        if (!yes && !Confirmation.of(Text.of("table.remove.ask", name), locale)) {
            say(Text.of("cli.nothing-changed"));
            return ExitCode.FINDINGS;
        }
        var shelf = new TableShelf(tables.folder());
        var aside = shelf.setAside(file);
        Released released;
        try {
            awaitLettingGo(clinic, installation);
            released = installation.release(name);
        } catch (RuntimeException failure) {
            shelf.bringBack(file);
            throw failure;
        }
        shelf.discard(aside);
        say(Text.of("table.remove.done", name));
        if (released == Released.WITH_TRIGGERS_LEFT) {
            say(Text.of("table.remove.triggers", name));
            TableInstallation.dropStatements(name).forEach(spec.commandLine().getOut()::println);
            spec.commandLine().getOut().flush();
        }
        return ExitCode.OK;
    }

    private void requireNothingWaits(TableInstallation installation) {
        var unsent = installation.unsent(name);
        if (unsent > 0) {
            throw new Problem(ProblemCode.TABLE_CHANGES_WAIT, name, unsent);
        }
    }

    private void awaitLettingGo(ClinicDatabase clinic, TableInstallation installation) {
        var service = new StatusReader(clinic.jdbc()).read().service();
        if (service.isStopped()) {
            return;
        }
        var beganAt = System.nanoTime();
        while (installation.isActive(name)) {
            if (System.nanoTime() - beganAt > LET_GO_WITHIN.toNanos()) {
                throw new Problem(ProblemCode.TABLE_NOT_LET_GO, name);
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_MILLIS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    private void say(Text text) {
        spec.commandLine().getOut().println(text.in(tables.cli().locale()));
        spec.commandLine().getOut().flush();
    }
}
