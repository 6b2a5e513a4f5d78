package com.centrovision.sync.cli;

import com.centrovision.sync.check.CertificateCheck;
import com.centrovision.sync.check.Check;
import com.centrovision.sync.check.Checks;
import com.centrovision.sync.check.ConfigurationCheck;
import com.centrovision.sync.check.EndpointsCheck;
import com.centrovision.sync.check.Finding;
import com.centrovision.sync.check.RouteFilesCheck;
import com.centrovision.sync.check.TableFilesCheck;
import com.centrovision.sync.config.CertificateFile;
import com.centrovision.sync.config.Config;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.Text;
import com.centrovision.sync.tables.DeclaredTables;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Looks whether everything is right: configuration, files, clinic, cloud, and what they hold. Changes nothing. */
@Command(name = "check")
final class CheckCommand implements Callable<Integer> {
    @ParentCommand
    private Cli cli;

    @Spec
    private CommandSpec spec;

    @Option(names = "--offline", descriptionKey = "option.offline")
    private boolean offline;

    private ExitCode worst = ExitCode.OK;
    private int wrong;

    @Override
    public Integer call() throws IOException {
        var declared = new DeclaredTables(cli.home().routes().resolve("tables"));
        if (offline) {
            files(declared);
        } else {
            everything(declared);
        }
        say(wrong == 0 ? Text.of("check.summary.fine") : Text.of("check.summary.wrong", wrong));
        return worst.value();
    }

    private void everything(DeclaredTables declared) throws IOException {
        var config = config(declared);
        configuration(config);
        tell(new TableFilesCheck(declared));
        tell(new RouteFilesCheck(cli.home().routes()));
        tell(new EndpointsCheck(cli.home().path()));
        try (var checks = new Checks(config, cli.home().path(), declared, this::tell)) {
            checks.run();
        }
    }

    /** What can be told without the clinic, the cloud and a configuration, as on an integrator's own machine. */
    private void files(DeclaredTables declared) throws IOException {
        if (Files.exists(cli.configFile())) {
            try {
                configuration(cli.config());
            } catch (Problem problem) {
                problem.all().map(Finding::of).forEach(this::tell);
            }
        }
        tell(new TableFilesCheck(declared));
        tell(new RouteFilesCheck(cli.home().routes()));
        tell(new EndpointsCheck(cli.home().path()));
    }

    private void configuration(Config config) throws IOException {
        tell(new ConfigurationCheck(cli.configFile(), cli.warningTexts()));
        if (config.console().port() > 0 && config.console().tls().isPresent()) {
            var tls = config.console().tls().get();
            var file = new CertificateFile(cli.home().path().resolve(tls.file()), tls.password());
            tell(new CertificateCheck(file, Clock.systemUTC()));
        }
    }

    /** Without a configuration nothing else can be asked; what is wrong with the tables' files is told with it. */
    private Config config(DeclaredTables declared) {
        try {
            return cli.config();
        } catch (Problem problem) {
            throw Problem.together(
                    Stream.concat(problem.all(), declared.problems().stream()).toList());
        }
    }

    private void tell(Check check) throws IOException {
        check.findings().forEach(this::tell);
    }

    private void tell(Finding finding) {
        var out = spec.commandLine().getOut();
        finding.lines(cli.locale()).forEach(out::println);
        out.flush();
        if (finding.weight() == Finding.Weight.WRONG) {
            wrong++;
        }
        if (finding.exitCode().value() > worst.value()) {
            worst = finding.exitCode();
        }
    }

    private void say(Text text) {
        spec.commandLine().getOut().println(text.in(cli.locale()));
        spec.commandLine().getOut().flush();
    }
}
