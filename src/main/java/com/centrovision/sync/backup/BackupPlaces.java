package com.centrovision.sync.backup;

import com.centrovision.sync.config.Config;
import com.centrovision.sync.problem.ClinicTime;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** The backups that there are, and which of them lie in the second place, too. Threads share it. */
public final class BackupPlaces {
    /** A share whose server is away may hold up whoever looks at it for minutes. */
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(2);

    private final BackupFolder folder;
    private final Optional<BackupFolder> second;
    private final Retention retention;
    private FutureTask<Optional<Set<String>>> look;

    /** @param copied empty where there is no second place, or it cannot be looked at now */
    public record Placed(KeptBackup backup, KeptBackup.Kind kind, Optional<Boolean> copied) {}

    public BackupPlaces(Config.Backup settings) {
        this.folder = new BackupFolder(settings.folder());
        this.second = settings.copyFolder().map(BackupFolder::new);
        this.retention = new Retention(settings.retention(), ClinicTime.ZONE);
    }

    /** The newest first. */
    public List<Placed> list() {
        var backups = folder.list();
        var kinds = retention.kinds(backups.stream()
                .map(backup -> new Retention.Kept(backup.name(), backup.madeAt(), backup.proved()))
                .toList());
        var copies = copies();
        return backups.stream()
                .map(backup -> new Placed(
                        backup,
                        kinds.getOrDefault(backup.name(), KeptBackup.Kind.EXTRA),
                        copies.map(names -> names.contains(backup.name()))))
                .toList();
    }

    private Optional<Set<String>> copies() {
        if (second.isEmpty()) {
            return Optional.empty();
        }
        try {
            return look(second.get()).get(LONGEST_LOOK.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException silent) {
            return Optional.empty();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** Not more than one at a time, however many ask. */
    private synchronized FutureTask<Optional<Set<String>>> look(BackupFolder place) {
        if (look == null || look.isDone()) {
            look = new FutureTask<>(() -> names(place));
            var thread = new Thread(look, "backup-copies");
            thread.setDaemon(true);
            thread.start();
        }
        return look;
    }

    private static Optional<Set<String>> names(BackupFolder place) {
        return Files.isDirectory(place.path())
                ? Optional.of(place.list().stream().map(KeptBackup::name).collect(Collectors.toSet()))
                : Optional.empty();
    }
}
