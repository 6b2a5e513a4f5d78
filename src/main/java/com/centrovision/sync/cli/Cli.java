package com.centrovision.sync.cli;

import com.centrovision.sync.clinic.ClinicFailures;
import com.centrovision.sync.config.Config;
import com.centrovision.sync.config.ConfigFile;
import com.centrovision.sync.config.LogSetup;
import com.centrovision.sync.config.LogText;
import com.centrovision.sync.problem.Nearest;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.problem.Text;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command {@code centrovision-sync}: what all its commands share. A command is a class with picocli's annotations
 * and a {@code @ParentCommand Cli}; its help stands in the bundles under {@code centrovision-sync.<command>}. It returns
 * an exit code, or throws a Problem, which becomes lines on standard error and the exit code of its class.
 */
@Command(name = "centrovision-sync", versionProvider = Cli.Version.class)
public final class Cli implements Runnable {
    private final Map<String, String> environment;
    private final Locale locale;

    @Option(names = "--config", descriptionKey = "option.config", paramLabel = "FILE", scope = ScopeType.INHERIT)
    private Optional<Path> file = Optional.empty();

    @Option(names = "--debug", descriptionKey = "option.debug", scope = ScopeType.INHERIT)
    private boolean debug;

    @Option(names = "--help", descriptionKey = "option.help", usageHelp = true, scope = ScopeType.INHERIT)
    private boolean help;

    @Option(names = "--version", descriptionKey = "option.version", versionHelp = true)
    private boolean version;

    Cli(Map<String, String> environment) {
        this.environment = environment;
        this.locale = Language.of(environment, Locale.getDefault().getLanguage());
    }

    /** Runs the command that the arguments name; answers with the exit code. */
    public static int run(String... arguments) {
        return new Cli(System.getenv()).commandLine(commands()).execute(arguments);
    }

    /** Runs the service and nothing else, until {@code stop} is counted down; its log goes to its file alone. */
    public static int serve(CountDownLatch stop) {
        var run = new RunCommand(stop, LogSetup::startInFile);
        return new Cli(System.getenv()).commandLine(List.of(run)).execute("run");
    }

    /** In the order of the help. */
    static List<Object> commands() {
        return List.of(
                new RunCommand(),
                new OnceCommand(),
                new SetupCommand(),
                new InitCommand(),
                new CheckCommand(),
                new StatusCommand(),
                new TableCommand(),
                new ConflictsCommand(),
                new QuarantineCommand(),
                new AlertsCommand(),
                new FilesCommand(),
                new LogsCommand(),
                new VerifyCommand(),
                new BackupCommand(),
                new RestoreCommand(),
                new DemoCommand(),
                new CompletionCommand());
    }

    CommandLine commandLine(List<?> commands) {
        var commandLine = new CommandLine(this);
        commands.forEach(commandLine::addSubcommand);
        return commandLine
                .setResourceBundle(Text.bundle(locale))
                .setHelpFactory(new HelpLabels(locale))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExpandAtFiles(false)
                .setParameterExceptionHandler(
                        (exception, arguments) -> tell(exception.getCommandLine(), wrongUse(exception)))
                .setExecutionExceptionHandler((exception, command, parsed) -> tell(command, exception));
    }

    /** Nothing can be done without a command. */
    @Override
    public void run() {
        throw new Problem(ProblemCode.START_WRONG_USE, Text.of("cli.no-command"));
    }

    public Home home() {
        return Home.find(environment);
    }

    public Path configFile() {
        return file.orElseGet(() -> home().config().resolve("config.toml"));
    }

    public Config config() {
        return ConfigFile.read(configFile(), environment);
    }

    Map<String, String> environment() {
        return environment;
    }

    /** What deserves a line in the log but stops nothing. */
    List<String> warnings() {
        return warningTexts().stream()
                .map(warning -> warning.in(Locale.ENGLISH))
                .toList();
    }

    List<Text> warningTexts() {
        return ConfigFile.warnings(configFile(), environment);
    }

    public Locale locale() {
        return locale;
    }

    /** Whether somebody still reads what is shown: the writer does not hear of a closed pipe, the stream below it does. */
    static boolean isRead(PrintWriter out) {
        return !out.checkError() && !System.out.checkError();
    }

    private int tell(CommandLine command, Exception exception) {
        var problem = Problem.in(exception)
                .or(() -> ofClinic(exception))
                .orElseGet(() -> new Problem(ProblemCode.RUN_UNEXPECTED, LogText.of(exception)));
        problem.lines(locale).forEach(command.getErr()::println);
        if (debug) {
            command.getErr().println(LogText.trace(exception));
        }
        return problem.code().exitCode().value();
    }

    /** The clinic's database went away in the middle of a command. */
    private Optional<Problem> ofClinic(Exception exception) {
        return ClinicFailures.sql(exception)
                .filter(failure -> ClinicFailures.code(failure) != ProblemCode.CLINIC_STATEMENT_FAILED)
                .map(failure -> new ClinicFailures(config().localPostgres()).problem(failure));
    }

    private static Problem wrongUse(ParameterException exception) {
        return new Problem(ProblemCode.START_WRONG_USE, reason(exception)).causedBy(exception);
    }

    private static Text reason(ParameterException exception) {
        if (exception instanceof UnmatchedArgumentException unmatched) {
            var command = exception.getCommandLine();
            var wrong = unmatched.getUnmatched().get(0);
            if (command.getSubcommands().isEmpty() && !wrong.startsWith("-")) {
                return Text.of("cli.too-much", wrong);
            }
            return Text.of("cli.unknown", wrong, Nearest.suggestion(wrong, names(command)));
        }
        if (exception instanceof MissingParameterException missing
                && !missing.getMissing().isEmpty()) {
            return Text.of("cli.missing", name(missing.getMissing().get(0)));
        }
        if (exception.getArgSpec() != null && exception.getValue() != null) {
            var label = exception.getArgSpec().paramLabel();
            return Text.of(
                    "cli.value", exception.getValue(), label.contains("|") ? label : name(exception.getArgSpec()));
        }
        return Text.of("cli.wrong", exception.getMessage());
    }

    private static Object name(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : HelpLabels.of(argument.paramLabel());
    }

    private static List<String> names(CommandLine command) {
        var names = new ArrayList<>(command.getSubcommands().keySet());
        names.addAll(command.getCommandSpec().optionsMap().keySet());
        return names;
    }

    /** The version that the build wrote into the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            var version = Optional.ofNullable(Cli.class.getPackage().getImplementationVersion());
            return new String[] {"centrovision-sync " + version.orElse("development")};
        }
    }
}
