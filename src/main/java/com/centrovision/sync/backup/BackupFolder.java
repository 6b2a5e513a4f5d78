package com.centrovision.sync.backup;

import com.centrovision.sync.disk.DiskFiles;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** A folder of backups. Nothing in it is touched whose name is not one of ours. */
public final class BackupFolder {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final Pattern NAME = Pattern.compile("centrovision-(\\d{8}T\\d{6}Z)\\.dump\\.age");
    private static final Pattern UNFINISHED =
            Pattern.compile("centrovision-\\d{8}T\\d{6}Z\\.dump\\.age(\\.json)?\\.part");
    private static final String PART = ".part";
    private static final String MANIFEST = ".json";

    private final Path folder;

    public BackupFolder(Path folder) {
        this.folder = folder;
    }

    Path path() {
        return folder;
    }

    static String name(Instant madeAt) {
        return "centrovision-" + STAMP.format(madeAt) + ".dump.age";
    }

    static String stamp(Instant at) {
        return STAMP.format(at);
    }

    Path part(String name) {
        return folder.resolve(name + PART);
    }

    /** The newest first. */
    public List<KeptBackup> list() {
        try (var files = Files.list(folder)) {
            return files.flatMap(file -> kept(file).stream())
                    .sorted(Comparator.comparing(KeptBackup::madeAt).reversed())
                    .toList();
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (IOException unreadable) {
            throw unwritable(unreadable);
        }
    }

    /** The one that is named, by its path or its name alone; the newest that was proved, where none is. */
    public Path find(Optional<Path> wanted) {
        return wanted.map(file -> Files.isRegularFile(file) ? file : folder.resolve(file))
                .or(() -> list().stream()
                        .filter(KeptBackup::proved)
                        .findFirst()
                        .map(backup -> folder.resolve(backup.name())))
                .filter(Files::isRegularFile)
                .orElseThrow(() -> new Problem(
                        ProblemCode.BACKUP_UNKNOWN, wanted.map(Path::toString).orElse("-"), folder));
    }

    private static Optional<KeptBackup> kept(Path file) {
        var name = NAME.matcher(file.getFileName().toString());
        if (!name.matches()) {
            return Optional.empty();
        }
        try {
            var manifest = manifest(file);
            return Optional.of(new KeptBackup(
                    name.group(),
                    Instant.from(STAMP.parse(name.group(1))),
                    Files.size(file),
                    manifest.map(Manifest::proved).orElse(false),
                    manifest.map(Manifest::problem).filter(code -> !code.isEmpty()),
                    manifest.map(KeptBackup::rows).orElse(0L)));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    static Optional<Manifest> manifest(Path backup) {
        return Manifest.read(backup.resolveSibling(backup.getFileName() + MANIFEST));
    }

    /** Gives a complete part its name, and puts its manifest beside it first: a backup never stands without one. */
    void publish(String name, Manifest manifest) throws IOException {
        var written = part(name + MANIFEST);
        DiskFiles.createPrivate(written);
        Files.write(written, manifest.json());
        DiskFiles.force(written);
        DiskFiles.move(written, folder.resolve(name + MANIFEST));
        DiskFiles.move(part(name), folder.resolve(name));
    }

    /** Takes a backup of another folder over, whole or not at all. */
    void take(Path backup, Manifest manifest) throws IOException {
        var name = backup.getFileName().toString();
        var part = part(name);
        try {
            DiskFiles.createPrivate(part);
            try (var in = Files.newInputStream(backup);
                    var out = Files.newOutputStream(part)) {
                in.transferTo(out);
            }
            DiskFiles.force(part);
            if (!Sealed.sha256(part).equals(manifest.sha256())) {
                throw new IOException("SHA-256");
            }
            publish(name, manifest);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** What a process that died has left. Only while no other can be at work here. */
    void removeUnfinished() throws IOException {
        try (var files = Files.list(folder)) {
            for (var file : files.toList()) {
                if (UNFINISHED.matcher(file.getFileName().toString()).matches()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /** How many were deleted. */
    int prune(Retention retention) throws IOException {
        var expired = retention.expired(list().stream()
                .map(backup -> new Retention.Kept(backup.name(), backup.madeAt(), backup.proved()))
                .toList());
        for (var backup : expired) {
            Files.deleteIfExists(folder.resolve(backup.name()));
            Files.deleteIfExists(folder.resolve(backup.name() + MANIFEST));
        }
        return expired.size();
    }

    Problem unwritable(IOException failure) {
        var reason = failure.getMessage() == null || failure.getMessage().equals(folder.toString())
                ? failure.getClass().getSimpleName()
                : failure.getClass().getSimpleName() + " " + failure.getMessage();
        return new Problem(ProblemCode.BACKUP_FOLDER_UNWRITABLE, folder, reason).causedBy(failure);
    }
}
