package com.centrovision.sync.cli;

import com.centrovision.sync.problem.Text;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.jdbc.core.JdbcTemplate;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** Kept conflicts: which there are, how their versions differ, which one stands. Works on the clinic's database alone. */
@Command(
        name = "conflicts",
        subcommands = {ConflictsListCommand.class, ConflictsShowCommand.class, ConflictsResolveCommand.class})
final class ConflictsCommand implements Runnable {
    @ParentCommand
    private Cli cli;

    @Override
    public void run() {
        cli.run();
    }

    Locale locale() {
        return cli.locale();
    }

    /** Connects for one question or decision. */
    <T> T inClinic(Function<JdbcTemplate, T> work) {
        return ClinicWork.in(cli.config().localPostgres(), clinic -> work.apply(clinic.jdbc()));
    }

    /** Who stands, or that it waits. */
    static Text winner(String winner) {
        return Text.of("conflict.winner." + Optional.ofNullable(winner).orElse("none"));
    }
}
