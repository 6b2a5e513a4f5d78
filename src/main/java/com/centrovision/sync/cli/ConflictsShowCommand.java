package com.centrovision.sync.cli;

import com.centrovision.sync.conflicts.KeptConflicts;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.problem.Json;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** How the versions of one conflict differ. It prints patients' data to the person who asked, and nowhere else. */
@Command(name = "show")
final class ConflictsShowCommand implements Callable<Integer> {
    @ParentCommand
    private ConflictsCommand conflicts;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "ID", descriptionKey = "parameter.conflict")
    private long id;

    @Option(names = "--full", descriptionKey = "option.full")
    private boolean full;

    @Option(names = "--json", descriptionKey = "option.json")
    private boolean json;

    @Override
    public Integer call() throws JsonProcessingException {
        var versions = conflicts
                .inClinic(clinic -> new KeptConflicts(clinic).versions(id))
                .orElseThrow(() -> new Problem(ProblemCode.CONFLICT_UNKNOWN, id));
        var out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.of(versions));
        } else {
            new VersionsText(versions, conflicts.locale(), full).lines().forEach(out::println);
        }
        out.flush();
        return ExitCode.OK.value();
    }
}
