package com.centrovision.sync.cli;

import com.centrovision.sync.files.BucketStatus;
import com.centrovision.sync.files.WaitingFiles;
import com.centrovision.sync.files.WaitingFiles.BucketTrouble;
import com.centrovision.sync.files.WaitingFiles.WaitingFile;
import com.centrovision.sync.problem.ClinicTime;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.problem.Json;
import com.centrovision.sync.problem.Text;
import com.centrovision.sync.status.FileStatus;
import com.centrovision.sync.status.StatusReader;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.springframework.jdbc.core.JdbcTemplate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** How the study files stand, and those that wait: without their names, which may be patients', unless asked. */
@Command(name = "status")
final class FilesStatusCommand implements Callable<Integer> {
    private static final int SHOWN = 20;

    @ParentCommand
    private FilesCommand files;

    @Spec
    private CommandSpec spec;

    @Option(names = "--names", descriptionKey = "option.names")
    private boolean names;

    @Option(names = "--json", descriptionKey = "option.json")
    private boolean json;

    record Answer(FileStatus files, List<BucketTrouble> buckets, List<WaitingFile> waiting) {}

    @Override
    public Integer call() throws JsonProcessingException {
        var answer = files.inClinic(this::read);
        var out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.of(answer));
        } else {
            print(answer, out);
        }
        out.flush();
        return ExitCode.OK.value();
    }

    private Answer read(JdbcTemplate clinic) {
        var waiting = new WaitingFiles(clinic);
        return new Answer(
                new StatusReader(clinic).files().orElse(null),
                waiting.bucketsInTrouble(),
                waiting.list(SHOWN).stream()
                        .map(file -> names ? file : nameless(file))
                        .toList());
    }

    private static WaitingFile nameless(WaitingFile file) {
        return new WaitingFile(
                file.id(),
                file.bucket(),
                null,
                file.work(),
                file.size(),
                file.attempts(),
                file.code(),
                file.failedAt(),
                file.nextAttemptAt());
    }

    private void print(Answer answer, PrintWriter out) {
        var locale = files.locale();
        if (answer.files() == null) {
            out.println(Text.of("files.none").in(locale));
            return;
        }
        FileStatusText.lines(answer.files()).forEach(line -> out.println(line.in(locale)));
        answer.buckets()
                .forEach(trouble ->
                        out.println(Text.of("files.bucket", trouble.bucket(), BucketStatus.reason(trouble.code()))
                                .in(locale)));
        if (!answer.waiting().isEmpty()) {
            var table = new TextTable(
                    List.of(3, 4), Text.of("files.heading").in(locale).split("\\|"));
            for (var file : answer.waiting()) {
                table.add(
                        file.id(),
                        file.bucket(),
                        Text.of("files.work." + file.work()).in(locale),
                        FileStatusText.megabytes(file.size()),
                        file.attempts(),
                        file.nextAttemptAt() == null ? "" : ClinicTime.second(file.nextAttemptAt()),
                        Optional.ofNullable(file.name()).orElse(""),
                        Optional.ofNullable(file.code())
                                .map(code -> BucketStatus.reason(code).in(locale))
                                .orElse(""));
            }
            table.lines().forEach(out::println);
        }
    }
}
