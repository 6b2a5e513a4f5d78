package com.centrovision.sync.cli;

import com.centrovision.sync.problem.ClinicTime;
import com.centrovision.sync.problem.Text;
import com.centrovision.sync.quarantine.RefusedRow;
import java.util.Locale;
import java.util.function.Function;
import org.springframework.jdbc.core.JdbcTemplate;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** Rows that one side refuses: which there are and why, one of them in full, another try, or none any more. */
@Command(
        name = "quarantine",
        subcommands = {
            QuarantineListCommand.class,
            QuarantineShowCommand.class,
            QuarantineRetryCommand.class,
            QuarantineGiveUpCommand.class
        })
final class QuarantineCommand implements Runnable {
    @ParentCommand
    private Cli cli;

    @Override
    public void run() {
        cli.run();
    }

    Cli cli() {
        return cli;
    }

    Locale locale() {
        return cli.locale();
    }

    <T> T inClinic(Function<JdbcTemplate, T> work) {
        return ClinicWork.in(cli.config().localPostgres(), clinic -> work.apply(clinic.jdbc()));
    }

    /** Which side refuses. */
    static Text direction(String direction) {
        return Text.of(direction.equals("UP") ? "quarantine.up" : "quarantine.down");
    }

    /** By whom, when and why. */
    static Text givenUp(RefusedRow row) {
        return Text.of("quarantine.given-up", row.givenUpBy(), ClinicTime.minute(row.givenUpAt()), row.givenUpReason());
    }
}
