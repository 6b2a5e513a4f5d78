package com.centrovision.sync.cli;

import com.centrovision.sync.config.Config;
import com.centrovision.sync.problem.Text;
import java.io.PrintWriter;
import java.util.Locale;

/** What a person does after {@code setup}. */
final class NextSteps {
    private final Config config;
    private final PrintWriter out;
    private final Locale locale;

    NextSteps(Config config, PrintWriter out, Locale locale) {
        this.config = config;
        this.out = out;
        this.locale = locale;
    }

    void tell(boolean isLoaded) {
        say(Text.of("setup.next"));
        if (!isLoaded) {
            say(Text.of("setup.next-once"));
        }
        say(Text.of("setup.next-run"));
        say(Text.of("setup.next-status"));
        say(Text.of(config.backup().isOn() ? "setup.next-backup" : "setup.next-backup-key"));
        if (config.backup().isOn() && config.backup().copyFolder().isEmpty()) {
            say(Text.of("setup.next-copy-folder"));
        }
        if (config.console().port() != 0) {
            say(Text.of("setup.next-console", String.valueOf(config.console().port())));
        }
        out.flush();
    }

    private void say(Text text) {
        out.println(text.in(locale));
    }
}
