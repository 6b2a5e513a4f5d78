package com.centrovision.sync.cli;

import com.centrovision.sync.clinic.ClinicDatabase;
import com.centrovision.sync.clinic.ClinicFailures;
import com.centrovision.sync.cloud.CloudApi;
import com.centrovision.sync.cloud.CloudClock;
import com.centrovision.sync.cloud.CloudFunctions;
import com.centrovision.sync.cloud.CloudHttp;
import com.centrovision.sync.config.Config;
import com.centrovision.sync.config.LogSetup;
import com.centrovision.sync.connection.Connection;
import com.centrovision.sync.connection.Failures;
import com.centrovision.sync.digest.Digests;
import com.centrovision.sync.down.PassListener;
import com.centrovision.sync.pass.PassResult;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.problem.Nearest;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.problem.Text;
import com.centrovision.sync.runtime.SyncService;
import com.centrovision.sync.tables.DeclaredTables;
import com.centrovision.sync.tables.SyncedTable;
import com.centrovision.sync.verify.ClinicRows;
import com.centrovision.sync.verify.CloudRows;
import com.centrovision.sync.verify.TableReport;
import com.centrovision.sync.verify.Verification;
import com.centrovision.sync.verify.VerifyListener;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.BadSqlGrammarException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Compares both sides row by row, and has what differs fetched from the cloud again where that is asked. */
@Command(name = "verify")
final class VerifyCommand implements Callable<Integer> {
    private static final Duration PAUSE = Duration.ofSeconds(3);
    private static final int SHOWN = 20;
    private static final int SHOWN_OF_ALL = 5_000;

    @ParentCommand
    private Cli cli;

    @Spec
    private CommandSpec spec;

    @Option(names = "--table", descriptionKey = "option.table", paramLabel = "TABLE")
    private List<String> names = new ArrayList<>();

    @Option(names = "--values", descriptionKey = "option.values")
    private boolean values;

    @Option(names = "--all", descriptionKey = "option.all-different")
    private boolean all;

    @Option(names = "--repair", descriptionKey = "option.repair")
    private boolean repair;

    @Option(names = "--dry-run", descriptionKey = "option.dry-run")
    private boolean dryRun;

    @Option(names = "--json", descriptionKey = "option.json")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException, SQLException {
        if (dryRun && !repair) {
            throw new Problem(ProblemCode.START_WRONG_USE, Text.of("verify.dry-run-alone"));
        }
        var config = cli.config();
        var declared = new DeclaredTables(cli.home().routes().resolve("tables"));
        var tables = chosen(declared);
        var mistakes = names.isEmpty() ? declared.problems() : List.<Problem>of();
        mistakes.forEach(mistake -> spec.commandLine().getErr().println(mistake.message(cli.locale())));
        var failures = new Failures(config.supabase().url(), new ClinicFailures(config.localPostgres())::problem);
        var connection = new Connection(Clock.systemUTC());
        try (var http = new CloudHttp(
                        config.supabase().url(),
                        config.supabase().serviceKey(),
                        new CloudClock(Clock.systemUTC()),
                        connection);
                var clinic = new ClinicDatabase(config.localPostgres(), Verification.AT_ONCE + 1);
                var cloud = new CloudApi(config.supabase().url(), http)) {
            var functions = new CloudFunctions(config.sync().mode(), cloud);
            var rows = new CloudRows(cloud, config.sync());
            ahead(rows::columns);
            ahead(() -> {
                functions.refreshIfUnknown();
                return functions;
            });
            clinic.start();
            var verification = new Verification(
                    new ClinicRows(clinic.jdbc(), config.sync().overlap(), values),
                    rows,
                    new Digests(clinic.jdbc(), cloud, functions),
                    PAUSE,
                    all ? SHOWN_OF_ALL : SHOWN);
            var exitCode = compare(verification, tables, config, mistakes.isEmpty());
            return (exitCode != ExitCode.UNREACHABLE && !mistakes.isEmpty() ? ExitCode.CONFIGURATION : exitCode)
                    .value();
        } catch (BadSqlGrammarException notPrepared) {
            throw new Problem(
                            ProblemCode.CLINIC_NOT_PREPARED,
                            config.localPostgres().database())
                    .causedBy(notPrepared);
        } catch (IOException | DataAccessException failure) {
            throw failures.problem(failure, "?");
        }
    }

    /** Asks while the clinic is connected to; who wants to know waits for the answer, or asks again. */
    private static void ahead(Callable<?> question) {
        var thread = new Thread(new FutureTask<>(question), "ahead");
        thread.setDaemon(true);
        thread.start();
    }

    private List<SyncedTable> chosen(DeclaredTables declared) {
        var comparable = declared.tables().stream()
                .filter(table -> !table.direction().equals("up"))
                .toList();
        var known = comparable.stream().map(SyncedTable::name).toList();
        for (var name : names) {
            if (!known.contains(name)) {
                throw new Problem(
                        ProblemCode.START_WRONG_USE, Text.of("cli.unknown", name, Nearest.suggestion(name, known)));
            }
        }
        return comparable.stream()
                .filter(table -> names.isEmpty() || names.contains(table.name()))
                .toList();
    }

    private ExitCode compare(Verification verification, List<SyncedTable> tables, Config config, boolean allFilesRead)
            throws IOException, InterruptedException, SQLException {
        var out = spec.commandLine().getOut();
        var output = json ? new VerifyJson(out) : new VerifyLines(out, cli.locale());
        var reports = verification.run(tables, repair && !dryRun, listener(out), output::table);
        var fetched = reports.stream().mapToLong(TableReport::repairable).sum();
        var onlyClinic = reports.stream().mapToLong(TableReport::onlyClinic).sum();
        if (dryRun) {
            output.wouldRepair(fetched, onlyClinic);
        } else if (repair && fetched + onlyClinic > 0) {
            if (!pass(config, output, fetched, onlyClinic).reachable()) {
                output.unreachable();
                return ExitCode.UNREACHABLE;
            }
            var affected = reports.stream()
                    .filter(report -> report.differing() > 0)
                    .map(TableReport::table)
                    .toList();
            var again = verification.run(
                    tables.stream()
                            .filter(table -> affected.contains(table.name()))
                            .toList(),
                    false,
                    listener(out),
                    output::table);
            var leftOut = reports.stream().filter(report -> report.leftOut().isPresent());
            reports = Stream.concat(again.stream(), leftOut).toList();
        }
        output.end(reports, allFilesRead);
        return reports.stream().allMatch(TableReport::isEqual) ? ExitCode.OK : ExitCode.FINDINGS;
    }

    /** On a terminal, tells that a long comparison goes on. */
    private VerifyListener listener(PrintWriter out) {
        if (json || System.console() == null) {
            return (table, rows, startedAt) -> {};
        }
        var lines = new ProgressLines(out, cli.locale());
        return (table, rows, startedAt) -> lines.progress(table, rows, OptionalLong.empty(), false, startedAt);
    }

    /** One full pass, here or by the service that runs already. */
    private PassResult pass(Config config, VerifyOutput output, long fetched, long onlyClinic)
            throws IOException, InterruptedException, SQLException {
        LogSetup.start(config.logging(), cli.home().path());
        try (var service = new SyncService(config, cli.home().path(), SyncService.Mode.ON_DEMAND)) {
            service.init();
            var isWriter = service.isWriter();
            output.repairs(fetched, onlyClinic, !isWriter);
            if (!isWriter) {
                return service.requests()
                        .ask(Set.of())
                        .orElseThrow(() -> new Problem(
                                ProblemCode.RUN_SECOND_WRITER,
                                config.localPostgres().database()));
            }
            service.greetCloud().ifPresent(problem -> {
                throw problem;
            });
            service.start(PassListener.NONE);
            return service.fullPass().run(Set.of());
        }
    }
}
