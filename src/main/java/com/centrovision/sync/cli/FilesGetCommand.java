package com.centrovision.sync.cli;

import com.centrovision.sync.files.BucketStatus;
import com.centrovision.sync.files.WaitingFiles;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.problem.Text;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.springframework.jdbc.core.JdbcTemplate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Has the running service bring one file before all others, and waits for it. */
@Command(name = "get")
final class FilesGetCommand implements Callable<Integer> {
    private static final String HERE = "files.here";
    private static final long LOOK_MILLIS = 500;

    @ParentCommand
    private FilesCommand files;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "BUCKET", descriptionKey = "parameter.bucket", index = "0")
    private String bucket;

    @Parameters(paramLabel = "NAME", descriptionKey = "parameter.file-name", index = "1")
    private String name;

    @Option(names = "--wait", descriptionKey = "option.wait-for-file", paramLabel = "SECONDS", defaultValue = "600")
    private int seconds;

    @Override
    public Integer call() {
        files.bucket(bucket);
        var told = files.inClinic(this::bring);
        var out = spec.commandLine().getOut();
        out.println(told.in(files.locale()));
        out.flush();
        return (told.key().equals(HERE) ? ExitCode.OK : ExitCode.FINDINGS).value();
    }

    private Text bring(JdbcTemplate clinic) {
        var waiting = new WaitingFiles(clinic);
        var id = waiting.want(bucket, name).orElseThrow(() -> new Problem(ProblemCode.FILE_UNKNOWN));
        if (await(waiting, id)) {
            return Text.of(HERE);
        }
        return waiting.code(id)
                .map(code -> Text.of("files.not-yet-for", BucketStatus.reason(code)))
                .orElseGet(() -> Text.of("files.not-yet"));
    }

    private boolean await(WaitingFiles waiting, UUID id) {
        var since = System.nanoTime();
        while (!waiting.isHere(id)) {
            if (System.nanoTime() - since > Duration.ofSeconds(seconds).toNanos()) {
                return false;
            }
            try {
                Thread.sleep(LOOK_MILLIS);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }
}
