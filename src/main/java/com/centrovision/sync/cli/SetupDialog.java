package com.centrovision.sync.cli;

import com.centrovision.sync.check.FirstContact;
import com.centrovision.sync.config.ConfigFile;
import com.centrovision.sync.config.ConfigText;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.Text;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.List;

/** Asks for one side after the other, tries each at once, and asks again as long as it does not let us in. */
final class SetupDialog {
    private static final List<String> CLOUD = List.of("url", "service_key");
    private static final List<String> CLINIC = List.of("host", "port", "database", "user", "password");

    private final Cli cli;
    private final PrintWriter out;
    private final boolean acceptsCloud;
    private final Questions questions;

    private interface Trial {
        void of(FirstContact contact) throws IOException;
    }

    SetupDialog(Cli cli, PrintWriter out, Console keyboard, boolean acceptsCloud) {
        this.cli = cli;
        this.out = out;
        this.acceptsCloud = acceptsCloud;
        this.questions = new Questions(keyboard, cli.locale(), cli.environment());
    }

    ConfigText run(ConfigText draft) throws IOException {
        out.println(Text.of("setup.welcome").in(cli.locale()));
        out.flush();
        var cloud = ask(draft, "supabase", CLOUD, contact -> tellCloud(contact, cli, out));
        return ask(cloud, "local_postgres", CLINIC, contact -> tellClinic(contact, cli, out));
    }

    private ConfigText ask(ConfigText draft, String section, List<String> names, Trial trial) throws IOException {
        var answered = draft;
        while (true) {
            for (var name : names) {
                answered = questions.ask(answered, section, name);
            }
            try {
                trial.of(contact(answered));
                return answered;
            } catch (Problem problem) {
                if (!questions.again(problem)) {
                    throw new Questions.EndOfAnswers();
                }
            }
        }
    }

    /** What was not asked for yet may be anything. */
    private FirstContact contact(ConfigText draft) {
        var environment = new HashMap<>(cli.environment());
        for (var key : ConfigText.required()) {
            if (draft.value(key.section(), key.name(), environment).isEmpty()) {
                environment.put(key.variable(), "?");
            }
        }
        return new FirstContact(ConfigFile.read(cli.configFile(), draft.text(), environment), acceptsCloud);
    }

    static void tellCloud(FirstContact contact, Cli cli, PrintWriter out) throws IOException {
        var address = contact.config().supabase().url();
        out.println(Text.of("setup.cloud", address, contact.cloud()).in(cli.locale()));
        out.flush();
    }

    static void tellClinic(FirstContact contact, Cli cli, PrintWriter out) {
        var settings = contact.config().localPostgres();
        out.println(Text.of("setup.clinic", settings.database(), settings.host(), contact.clinic())
                .in(cli.locale()));
        out.flush();
    }
}
