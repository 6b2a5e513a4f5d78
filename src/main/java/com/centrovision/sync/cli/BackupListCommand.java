package com.centrovision.sync.cli;

import com.centrovision.sync.backup.BackupPlaces;
import com.centrovision.sync.backup.BackupPlaces.Placed;
import com.centrovision.sync.problem.ClinicTime;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.problem.Json;
import com.centrovision.sync.problem.Text;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The backups that there are, the newest first. */
@Command(name = "list")
final class BackupListCommand implements Callable<Integer> {
    @ParentCommand
    private BackupCommand backup;

    @Spec
    private CommandSpec spec;

    @Option(names = "--json", descriptionKey = "option.json")
    private boolean json;

    @Override
    public Integer call() throws JsonProcessingException {
        var backups = new BackupPlaces(backup.cli().config().backup()).list();
        var out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.of(backups.stream().map(Shown::of).toList()));
        } else if (backups.isEmpty()) {
            out.println(Text.of("backup.none").in(backup.cli().locale()));
        } else {
            lines(backups).forEach(out::println);
        }
        out.flush();
        return ExitCode.OK.value();
    }

    /** @param copied null where there is no second place, or it cannot be looked at now */
    private record Shown(
            String file,
            String madeAt,
            long bytes,
            long rows,
            String kind,
            boolean proved,
            String problem,
            Boolean copied) {
        static Shown of(Placed placed) {
            var kept = placed.backup();
            return new Shown(
                    kept.name(),
                    kept.madeAt().toString(),
                    kept.bytes(),
                    kept.rows(),
                    word(placed),
                    kept.proved(),
                    kept.problem().orElse(null),
                    placed.copied().orElse(null));
        }
    }

    private static String word(Placed placed) {
        return placed.kind().name().toLowerCase(Locale.ROOT);
    }

    private List<String> lines(List<Placed> backups) {
        var locale = backup.cli().locale();
        var table = new TextTable(
                List.of(1, 2), Text.of("backup.heading").in(locale).split("\\|"));
        for (var placed : backups) {
            var kept = placed.backup();
            table.add(
                    ClinicTime.minute(kept.madeAt()),
                    BackupCommand.size(kept.bytes()),
                    kept.rows(),
                    Text.of("console.backups.kind." + word(placed)).in(locale),
                    Text.of(
                                    kept.proved() ? "backup.is-proved" : "backup.is-not-proved",
                                    kept.problem().orElse("-"))
                            .in(locale),
                    copied(placed, locale),
                    kept.name());
        }
        return table.lines();
    }

    private String copied(Placed placed, Locale locale) {
        if (backup.cli().config().backup().copyFolder().isEmpty()) {
            return "-";
        }
        return Text.of(placed.copied()
                        .map(isCopied -> isCopied ? "console.yes" : "console.no")
                        .orElse("console.unknown"))
                .in(locale);
    }
}
