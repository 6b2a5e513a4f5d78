package com.centrovision.sync.cli;

import com.centrovision.sync.files.CloudCheck.Sides;
import com.centrovision.sync.files.FolderCheck.Finding;
import com.centrovision.sync.files.FolderCheck.State;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.problem.Json;
import com.centrovision.sync.problem.Text;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.springframework.jdbc.core.JdbcTemplate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Reads every file of the folder and says which are not what they were when they came; if asked to, compares both sides, too. */
@Command(name = "verify")
final class FilesVerifyCommand implements Callable<Integer> {
    @ParentCommand
    private FilesCommand files;

    @Spec
    private CommandSpec spec;

    @Option(names = "--bucket", descriptionKey = "option.bucket", paramLabel = "BUCKET")
    private List<String> buckets = new ArrayList<>();

    @Option(names = "--repair", descriptionKey = "option.repair-files")
    private boolean repair;

    @Option(names = "--cloud", descriptionKey = "option.verify-cloud")
    private boolean cloud;

    @Option(names = "--json", descriptionKey = "option.json")
    private boolean json;

    record Answer(long intact, long missing, long changed, long damaged, List<Finding> findings, List<Sides> sides) {}

    @Override
    public Integer call() throws JsonProcessingException {
        var counts = new EnumMap<State, Long>(State.class);
        var findings = new ArrayList<Finding>();
        var sides = new ArrayList<Sides>();
        files.inClinic(clinic -> run(clinic, counts, findings, sides));
        var out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.of(new Answer(
                    count(counts, State.INTACT),
                    count(counts, State.MISSING),
                    count(counts, State.CHANGED),
                    count(counts, State.DAMAGED),
                    findings,
                    sides)));
        } else {
            print(counts, findings, out);
            sides.forEach(found -> out.println(text(found).in(files.locale())));
        }
        out.flush();
        var isFine = findings.isEmpty() && sides.stream().allMatch(Sides::areEqual);
        return (isFine ? ExitCode.OK : ExitCode.FINDINGS).value();
    }

    private static Text text(Sides sides) {
        return Text.of(
                "files.sides", sides.bucket(), sides.same(), sides.different(), sides.onlyCloud(), sides.onlyFolder());
    }

    private Void run(JdbcTemplate clinic, Map<State, Long> counts, List<Finding> findings, List<Sides> sides) {
        var chosen = buckets.isEmpty()
                ? files.config().storage().buckets()
                : buckets.stream().map(files::bucket).toList();
        try {
            files.check(clinic).run(chosen, repair, finding -> {
                counts.merge(finding.state(), 1L, Long::sum);
                if (finding.state() != State.INTACT) {
                    findings.add(finding);
                }
            });
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        if (cloud) {
            sides.addAll(files.compare(clinic, chosen));
        }
        return null;
    }

    private void print(Map<State, Long> counts, List<Finding> findings, PrintWriter out) {
        var locale = files.locale();
        findings.forEach(finding -> out.println(
                Text.of("files.finding", Text.of("files.state." + finding.state()), finding.bucket(), finding.name())
                        .in(locale)));
        out.println(Text.of(
                        "files.verified",
                        count(counts, State.INTACT),
                        count(counts, State.MISSING),
                        count(counts, State.CHANGED),
                        count(counts, State.DAMAGED))
                .in(locale));
        if (count(counts, State.DAMAGED) > 0) {
            out.println(Text.of(repair ? "files.repaired" : "files.repairable").in(locale));
        }
    }

    private static long count(Map<State, Long> counts, State state) {
        return counts.getOrDefault(state, 0L);
    }
}
