package com.centrovision.sync.cli;

import com.centrovision.sync.config.Config;
import com.centrovision.sync.files.FileSync;
import com.centrovision.sync.files.FolderCheck;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import java.time.Clock;
import java.util.Locale;
import java.util.function.Function;
import org.springframework.jdbc.core.JdbcTemplate;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** The study files: how they stand, whether the folder is whole, one of them at once, another try. */
@Command(
        name = "files",
        subcommands = {
            FilesStatusCommand.class,
            FilesVerifyCommand.class,
            FilesGetCommand.class,
            FilesRetryCommand.class,
            FilesAcceptDeletesCommand.class
        })
final class FilesCommand implements Runnable {
    @ParentCommand
    private Cli cli;

    @Override
    public void run() {
        cli.run();
    }

    Locale locale() {
        return cli.locale();
    }

    Config config() {
        var config = cli.config();
        if (!config.storage().enabled()) {
            throw new Problem(ProblemCode.FILES_NOT_KEPT);
        }
        return config;
    }

    /** A bucket that is configured. */
    String bucket(String name) {
        var known = config().storage().buckets();
        if (!known.contains(name)) {
            throw new Problem(ProblemCode.FILE_BUCKET_UNKNOWN, name, String.join(", ", known));
        }
        return name;
    }

    FolderCheck check(JdbcTemplate clinic) {
        return new FolderCheck(
                clinic, FileSync.folder(config().storage(), cli.home().path()), Clock.systemDefaultZone());
    }

    <T> T inClinic(Function<JdbcTemplate, T> work) {
        return ClinicWork.in(config().localPostgres(), clinic -> work.apply(clinic.jdbc()));
    }
}
