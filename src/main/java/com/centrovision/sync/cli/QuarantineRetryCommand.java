package com.centrovision.sync.cli;

import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.problem.Text;
import com.centrovision.sync.quarantine.QuarantinedRows;
import com.centrovision.sync.quarantine.RefusedRow;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.springframework.jdbc.core.JdbcTemplate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Has refused rows tried again, at once on the way up and with the next pass on the way down. */
@Command(name = "retry")
final class QuarantineRetryCommand implements Callable<Integer> {
    @ParentCommand
    private QuarantineCommand quarantine;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "ID", descriptionKey = "parameter.refused-rows", arity = "0..*")
    private List<Long> ids = new ArrayList<>();

    @Option(names = "--all", descriptionKey = "option.retry-all")
    private boolean all;

    @Override
    public Integer call() {
        if (all != ids.isEmpty()) {
            throw new Problem(ProblemCode.START_WRONG_USE, Text.of("quarantine.which"));
        }
        var tried = quarantine.inClinic(this::retry);
        var out = spec.commandLine().getOut();
        out.println(Text.of("quarantine.retried", tried).in(quarantine.locale()));
        out.flush();
        return ExitCode.OK.value();
    }

    /** All of them are known, or none is tried. */
    private int retry(JdbcTemplate clinic) {
        var rows = new QuarantinedRows(clinic);
        var chosen = all
                ? rows.list(false, Integer.MAX_VALUE).stream()
                        .map(RefusedRow::id)
                        .toList()
                : ids;
        chosen.stream()
                .filter(id -> !all && rows.find(id).isEmpty())
                .findFirst()
                .ifPresent(id -> {
                    throw new Problem(ProblemCode.QUARANTINE_UNKNOWN, String.valueOf(id));
                });
        chosen.forEach(rows::tryAgain);
        return chosen.size();
    }
}
