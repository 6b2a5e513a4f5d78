package com.centrovision.sync.cli;

import com.centrovision.sync.backup.AgeKeys;
import com.centrovision.sync.check.FirstContact;
import com.centrovision.sync.config.Config;
import com.centrovision.sync.config.ConfigFile;
import com.centrovision.sync.config.ConfigText;
import com.centrovision.sync.config.LogSetup;
import com.centrovision.sync.config.PrivateFile;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.problem.Text;
import com.centrovision.sync.runtime.SyncService;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The first run: asks for what the configuration needs, tries it, writes it, prepares the database, loads it. */
@Command(name = "setup")
final class SetupCommand implements Callable<Integer> {
    @ParentCommand
    private Cli cli;

    @Spec
    private CommandSpec spec;

    @Option(names = "--url", descriptionKey = "config.supabase.url", paramLabel = "URL")
    private Optional<String> url = Optional.empty();

    @Option(names = "--key-file", descriptionKey = "option.key-file", paramLabel = "FILE")
    private Optional<Path> keyFile = Optional.empty();

    @Option(names = "--host", descriptionKey = "config.local_postgres.host", paramLabel = "HOST")
    private Optional<String> host = Optional.empty();

    @Option(names = "--port", descriptionKey = "config.local_postgres.port", paramLabel = "PORT")
    private Optional<String> port = Optional.empty();

    @Option(names = "--database", descriptionKey = "config.local_postgres.database", paramLabel = "NAME")
    private Optional<String> database = Optional.empty();

    @Option(names = "--user", descriptionKey = "config.local_postgres.user", paramLabel = "NAME")
    private Optional<String> user = Optional.empty();

    @Option(names = "--password-file", descriptionKey = "option.password-file", paramLabel = "FILE")
    private Optional<Path> passwordFile = Optional.empty();

    @Option(names = "--new-backup-key", descriptionKey = "option.setup-backup-key")
    private boolean newBackupKey;

    @Option(names = "--copy-folder", descriptionKey = "config.backup.copy_folder", paramLabel = "FOLDER")
    private Optional<String> copyFolder = Optional.empty();

    @Option(names = "--accept-cloud", descriptionKey = "option.accept-cloud")
    private boolean acceptCloud;

    @Option(names = "--no-load", descriptionKey = "option.setup-no-load")
    private boolean noLoad;

    /** The installed command makes the load as the service's user, by {@code once --first}, which says what comes next. */
    @Option(names = "--load-follows", descriptionKey = "option.setup-load-follows", hidden = true)
    private boolean loadFollows;

    @Option(names = "--dry-run", descriptionKey = "option.setup-dry-run")
    private boolean dryRun;

    @Override
    public Integer call() throws IOException, InterruptedException, SQLException {
        var file = cli.configFile().toAbsolutePath();
        var target = new PrivateFile(file);
        target.requireWritable();
        var draft = given(ConfigText.of(file, cli.home().config().resolve("config.toml.example")));
        var keyboard = Optional.ofNullable(System.console()).filter(console -> !isComplete(draft));
        try {
            var accepted = keyboard.isPresent()
                    ? new SetupDialog(cli, out(), keyboard.get(), acceptCloud).run(draft)
                    : tried(draft.filledFrom(cli.environment()));
            return finish(target, accepted, backupKey(accepted, keyboard.isPresent()))
                    .value();
        } catch (Questions.EndOfAnswers ended) {
            say(Text.of("cli.nothing-changed"));
            return ExitCode.CONFIGURATION.value();
        }
    }

    /** What was said on the command line stands above what is written already. */
    private ConfigText given(ConfigText draft) throws IOException {
        var values = List.of(
                new Given("supabase", "url", url),
                new Given("supabase", "service_key", secret(keyFile)),
                new Given("local_postgres", "host", host),
                new Given("local_postgres", "port", port),
                new Given("local_postgres", "database", database),
                new Given("local_postgres", "user", user),
                new Given("local_postgres", "password", secret(passwordFile)),
                new Given("backup", "copy_folder", copyFolder));
        var filled = draft;
        for (var value : values) {
            if (value.text().isPresent()) {
                filled = filled.with(value.section(), value.name(), value.text().get());
            }
        }
        return filled;
    }

    private record Given(String section, String name, Optional<String> text) {}

    private static Optional<String> secret(Optional<Path> file) {
        return file.map(path -> {
            try {
                return Files.readString(path).strip();
            } catch (IOException unreadable) {
                var reason = Files.exists(path) ? "config.is-closed" : "config.is-missing";
                throw new Problem(ProblemCode.CONFIG_UNREADABLE, path, Text.of(reason)).causedBy(unreadable);
            }
        });
    }

    /** Whoever has said all that nobody can guess is not asked. */
    private boolean isComplete(ConfigText draft) {
        return ConfigText.required().stream().allMatch(key -> draft.value(key.section(), key.name(), cli.environment())
                .isPresent());
    }

    private ConfigText tried(ConfigText draft) throws IOException {
        var contact = new FirstContact(ConfigFile.read(cli.configFile(), draft.text(), cli.environment()), acceptCloud);
        SetupDialog.tellCloud(contact, cli, out());
        SetupDialog.tellClinic(contact, cli, out());
        return draft;
    }

    /** A new pair where there is none and one is wanted; a key that is there opens the backups that there are. */
    private Optional<AgeKeys.Pair> backupKey(ConfigText accepted, boolean canAsk) {
        var isThere = accepted.value("backup", "public_key", cli.environment())
                .filter(key -> !key.isBlank())
                .isPresent();
        if (isThere && newBackupKey) {
            say(Text.of("setup.backup-key-kept"));
        }
        var isWanted = !isThere
                && !dryRun
                && (newBackupKey || canAsk && Confirmation.of(Text.of("setup.ask-backup-key"), cli.locale()));
        return isWanted ? Optional.of(AgeKeys.make()) : Optional.empty();
    }

    private ExitCode finish(PrivateFile target, ConfigText answers, Optional<AgeKeys.Pair> backupKey)
            throws IOException, InterruptedException, SQLException {
        var accepted = backupKey
                .map(pair -> answers.with("backup", "public_key", pair.publicKey()))
                .orElse(answers);
        var written =
                Files.exists(target.path()) && Files.readString(target.path()).equals(accepted.text());
        if (dryRun) {
            say(Text.of(written ? "setup.would-keep" : "setup.would-write", target.path()));
            return ExitCode.OK;
        }
        if (!written) {
            target.write(accepted.text());
        }
        say(Text.of(written ? "setup.kept" : "setup.written", target.path()));
        backupKey.ifPresent(pair -> {
            BackupKeyCommand.showPrivate(pair, out(), cli.locale());
            say(Text.of("backup.key.lost"));
        });
        var config = cli.config();
        var exitCode = noLoad || loadFollows || acceptCloud ? prepare(config) : ExitCode.OK;
        if (exitCode == ExitCode.OK && !noLoad && !loadFollows) {
            exitCode = load();
        }
        if (!loadFollows && (exitCode == ExitCode.OK || exitCode == ExitCode.FINDINGS)) {
            new NextSteps(config, out(), cli.locale()).tell(!noLoad);
        }
        return exitCode;
    }

    private ExitCode prepare(Config config) throws SQLException {
        try (var service = new SyncService(config, cli.home().path(), SyncService.Mode.ON_DEMAND)) {
            if (acceptCloud) {
                service.initForOtherCloud();
            } else {
                service.init();
            }
            var tables = service.declared().tables().size();
            say(Text.of("init.done", config.localPostgres().database(), tables));
            service.declared().problems().forEach(problem -> out().println(problem.message(cli.locale())));
            return service.declared().problems().isEmpty() ? ExitCode.OK : ExitCode.CONFIGURATION;
        }
    }

    private ExitCode load() throws InterruptedException, SQLException, JsonProcessingException {
        say(Text.of("setup.loading"));
        return new OncePass(cli, out(), LogSetup::startInFile).run(List.of());
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private void say(Text text) {
        out().println(text.in(cli.locale()));
        out().flush();
    }
}
