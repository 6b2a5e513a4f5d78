package com.centrovision.sync.cli;

import com.centrovision.sync.clinic.ClinicFailures;
import com.centrovision.sync.cloud.storage.StorageApi;
import com.centrovision.sync.config.Config;
import com.centrovision.sync.connection.Failures;
import com.centrovision.sync.files.CloudCheck;
import com.centrovision.sync.files.CloudCheck.Sides;
import com.centrovision.sync.files.FileSync;
import com.centrovision.sync.files.FolderCheck;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
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
            FilesAcceptDeletesCommand.class,
            FilesAcceptChangesCommand.class
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

    /** Both sides of these buckets, by the cloud's lists. */
    List<Sides> compare(JdbcTemplate clinic, List<String> buckets) {
        var config = config();
        var failures = new Failures(config.supabase().url(), new ClinicFailures(config.localPostgres())::problem);
        try (var storage =
                new StorageApi(config.supabase().url(), config.supabase().serviceKey())) {
            var check = new CloudCheck(clinic, storage);
            var sides = new ArrayList<Sides>();
            for (var bucket : buckets) {
                sides.add(check.compare(bucket));
            }
            return sides;
        } catch (IOException failure) {
            throw failures.problem(failure, String.join(", ", buckets));
        }
    }

    <T> T inClinic(Function<JdbcTemplate, T> work) {
        return ClinicWork.in(config().localPostgres(), clinic -> work.apply(clinic.jdbc()));
    }
}
