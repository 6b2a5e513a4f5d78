package com.centrovision.sync.cli;

import com.centrovision.sync.backup.KeptBackup;
import com.centrovision.sync.problem.ClinicTime;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.problem.Json;
import com.centrovision.sync.problem.Text;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
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
        var backups = backup.folder().list();
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

    private record Shown(String file, String madeAt, long bytes, long rows, boolean proved, String problem) {
        static Shown of(KeptBackup kept) {
            return new Shown(
                    kept.name(),
                    kept.madeAt().toString(),
                    kept.bytes(),
                    kept.rows(),
                    kept.proved(),
                    kept.problem().orElse(null));
        }
    }

    private List<String> lines(List<KeptBackup> backups) {
        var locale = backup.cli().locale();
        var table = new TextTable(
                List.of(1, 2), Text.of("backup.heading").in(locale).split("\\|"));
        for (var kept : backups) {
            table.add(
                    ClinicTime.minute(kept.madeAt()),
                    BackupCommand.size(kept.bytes()),
                    kept.rows(),
                    Text.of(
                                    kept.proved() ? "backup.is-proved" : "backup.is-not-proved",
                                    kept.problem().orElse("-"))
                            .in(locale),
                    kept.name());
        }
        return table.lines();
    }
}
