package com.centrovision.sync.cli;

import com.centrovision.sync.config.Config.Logging;
import com.centrovision.sync.pass.PassResult;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.problem.Nearest;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.problem.Text;
import com.centrovision.sync.runtime.SyncService;
import com.centrovision.sync.tables.SyncedTable;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Prepares the clinic's database and makes one full pass, here or by the service that runs already; tells how it ended. */
final class OncePass {
    private static final Logger LOG = LoggerFactory.getLogger(OncePass.class);

    private final Cli cli;
    private final PrintWriter out;
    private final BiConsumer<Logging, Path> log;

    OncePass(Cli cli, PrintWriter out, BiConsumer<Logging, Path> log) {
        this.cli = cli;
        this.out = out;
        this.log = log;
    }

    ExitCode run(List<String> acceptedDeletes) throws InterruptedException, SQLException, JsonProcessingException {
        var config = cli.config();
        log.accept(config.logging(), cli.home().path());
        cli.warnings().forEach(warning -> LOG.warn("{}", warning));
        try (var service = new SyncService(config, cli.home().path(), SyncService.Mode.ON_DEMAND)) {
            service.init();
            var accepted = accepted(acceptedDeletes, service.declared().tables());
            PassResult result;
            if (service.isWriter()) {
                service.greetCloud().ifPresent(problem -> {
                    throw problem;
                });
                service.start(new ProgressLines(out, cli.locale()));
                result = service.fullPass().run(accepted);
            } else {
                out.println(Text.of("once.asked").in(cli.locale()));
                out.flush();
                result = service.requests()
                        .ask(accepted)
                        .orElseThrow(() -> new Problem(
                                ProblemCode.RUN_SECOND_WRITER,
                                config.localPostgres().database()));
            }
            var mistakes = service.declared().problems();
            print(result, mistakes);
            return result.reachable() && !mistakes.isEmpty() ? ExitCode.CONFIGURATION : result.exitCode();
        }
    }

    private static Set<String> accepted(List<String> acceptedDeletes, List<SyncedTable> tables) {
        for (var name : acceptedDeletes) {
            if (tables.stream().noneMatch(table -> table.name().equals(name))) {
                var known = tables.stream().map(SyncedTable::name).toList();
                throw new Problem(
                        ProblemCode.START_WRONG_USE, Text.of("once.no-table", name, Nearest.suggestion(name, known)));
            }
        }
        return Set.copyOf(acceptedDeletes);
    }

    private void print(PassResult result, List<Problem> mistakes) {
        var locale = cli.locale();
        mistakes.forEach(mistake -> out.println(mistake.message(locale)));
        switch (result.exitCode()) {
            case OK ->
                out.println(Text.of(mistakes.isEmpty() ? "once.equal" : "once.others-equal")
                        .in(locale));
            case UNREACHABLE -> out.println(Text.of("once.unreachable").in(locale));
            case FINDINGS, CONFIGURATION -> {
                out.println(Text.of("once.left", result.pending(), result.quarantined())
                        .in(locale));
                if (result.held() > 0) {
                    out.println(Text.of("once.held", result.held()).in(locale));
                }
                result.failed()
                        .forEach(table ->
                                out.println(Text.of("once.failed", table).in(locale)));
                result.refused()
                        .forEach((table, rows) ->
                                out.println(Text.of("once.refused", table, rows).in(locale)));
                result.unequal()
                        .forEach(table ->
                                out.println(Text.of("once.unequal", table).in(locale)));
            }
        }
        out.flush();
    }
}
