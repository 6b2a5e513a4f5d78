package com.centrovision.sync.backup;

import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** PostgreSQL's own programs on this machine: those of the server's version, or the next newer ones. */
final class PgPrograms {
    private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) (\\d+)");
    private static final String ENDING = File.separatorChar == '\\' ? ".exe" : "";
    /** One folder a version: Debian's, Red Hat's, the Windows installer's, Homebrew's. */
    private static final List<String> SHELVES = List.of(
            "/usr/lib/postgresql", "/usr", "C:\\Program Files\\PostgreSQL", "/opt/homebrew/opt", "/usr/local/opt");

    private final List<Path> folders;

    private record Found(Path folder, int version) {}

    /** @param configured where they are; looked for where that is empty */
    PgPrograms(Optional<Path> configured) {
        this.folders = configured.map(List::of).orElseGet(PgPrograms::places);
    }

    private static List<Path> places() {
        var path = Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(folder -> !folder.isBlank())
                .map(Path::of);
        return Stream.concat(SHELVES.stream().map(Path::of).flatMap(PgPrograms::versions), path)
                .distinct()
                .toList();
    }

    private static Stream<Path> versions(Path shelf) {
        try (var folders = Files.list(shelf)) {
            return folders.map(folder -> folder.resolve("bin")).filter(Files::isDirectory).toList().stream();
        } catch (IOException absent) {
            return Stream.empty();
        }
    }

    /** The folder that holds both programs, no older than the server. */
    Path folder(int serverVersion) {
        var found = folders.stream()
                .flatMap(folder -> version(folder).stream().map(version -> new Found(folder, version)))
                .toList();
        return found.stream()
                .filter(programs -> programs.version() >= serverVersion)
                .min(Comparator.comparingInt(Found::version))
                .map(Found::folder)
                .orElseThrow(() -> found.stream()
                        .map(Found::version)
                        .max(Comparator.naturalOrder())
                        .map(newest -> new Problem(
                                ProblemCode.BACKUP_PROGRAM_OLD,
                                "pg_dump",
                                String.valueOf(newest),
                                String.valueOf(serverVersion)))
                        .orElseGet(() -> new Problem(
                                ProblemCode.BACKUP_PROGRAM_MISSING, "pg_dump", String.valueOf(serverVersion))));
    }

    static Path program(Path folder, String name) {
        return folder.resolve(name + ENDING);
    }

    private static Optional<Integer> version(Path folder) {
        if (!Files.isExecutable(program(folder, "pg_dump")) || !Files.isExecutable(program(folder, "pg_restore"))) {
            return Optional.empty();
        }
        try {
            var process = new ProcessBuilder(program(folder, "pg_dump").toString(), "--version")
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            var said = new String(process.getInputStream().readAllBytes());
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            var version = VERSION.matcher(said);
            return version.find() ? Optional.of(Integer.valueOf(version.group(1))) : Optional.empty();
        } catch (IOException unusable) {
            return Optional.empty();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
