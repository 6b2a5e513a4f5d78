package com.centrovision.sync.cli;

import com.centrovision.sync.config.Config;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** What people are told: whether it gets through, and what there is. */
@Command(
        name = "alerts",
        subcommands = {AlertsTestCommand.class, AlertsListCommand.class})
final class AlertsCommand implements Runnable {
    @ParentCommand
    private Cli cli;

    @Override
    public void run() {
        cli.run();
    }

    Cli cli() {
        return cli;
    }

    Config config() {
        return cli.config();
    }

    Locale locale() {
        return cli.locale();
    }
}
