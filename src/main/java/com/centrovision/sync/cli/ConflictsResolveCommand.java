package com.centrovision.sync.cli;

import com.centrovision.sync.conflicts.Settlements;
import com.centrovision.sync.conflicts.Settlements.Keep;
import com.centrovision.sync.conflicts.Settlements.Settlement;
import com.centrovision.sync.conflicts.Settlements.Verdict;
import com.centrovision.sync.problem.ClinicTime;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.problem.Text;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** A person decides which version of a conflict stands. */
@Command(name = "resolve")
final class ConflictsResolveCommand implements Callable<Integer> {
    @ParentCommand
    private ConflictsCommand conflicts;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "ID", descriptionKey = "parameter.conflict")
    private long id;

    @Option(names = "--keep", descriptionKey = "option.keep", paramLabel = "local|remote", required = true)
    private Keep keep;

    @Option(names = "--by", descriptionKey = "option.by", paramLabel = "NAME")
    private Optional<String> person = Optional.empty();

    @Override
    public Integer call() {
        var name = person.filter(given -> !given.isBlank()).orElseGet(() -> System.getProperty("user.name"));
        var settlement = conflicts.inClinic(clinic -> new Settlements(clinic).settle(id, keep, name));
        var out = spec.commandLine().getOut();
        out.println(told(settlement).in(conflicts.locale()));
        out.flush();
        return ExitCode.OK.value();
    }

    private Text told(Settlement settlement) {
        settlement.requireDone(id);
        if (settlement.verdict() == Verdict.SETTLED) {
            return Text.of(keep == Keep.LOCAL ? "conflicts.settled-local" : "conflicts.settled-remote", id);
        }
        return Text.of(
                "conflicts.already",
                id,
                ConflictsCommand.winner(settlement.resolution()),
                Optional.ofNullable(settlement.resolvedBy()).orElse("-"),
                ClinicTime.minute(settlement.resolvedAt()));
    }
}
