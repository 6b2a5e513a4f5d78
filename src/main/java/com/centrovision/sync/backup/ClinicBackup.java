package com.centrovision.sync.backup;

import com.centrovision.sync.config.Config;
import com.centrovision.sync.disk.DiskFiles;
import com.centrovision.sync.problem.ClinicTime;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.exceptionfactory.jagged.RecipientStanzaWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Makes one backup: pg_dump of one moment, sealed on its way to the disk, and on the same way restored on trial into a
 * database of its own, whose rows must be those of that moment. Nothing readable ever touches the disk.
 */
public final class ClinicBackup {
    private static final long SPARE_BYTES = 64L << 20;
    private static final int BLOCK = 64 * 1024;
    private static final Duration FRESH = Duration.ofHours(1);

    private final Config config;
    private final String version;
    private final Clock clock;
    private volatile boolean cancelled;
    private volatile Optional<PgProcess> running = Optional.empty();

    public ClinicBackup(Config config, String version, Clock clock) {
        this.config = config;
        this.version = version;
        this.clock = clock;
    }

    /**
     * A backup that stands.
     *
     * @param notProved why it could not be shown that it restores
     * @param notCopied why it is not in the second place
     */
    public record Made(
            Path file, long bytes, long rows, Optional<Problem> notProved, Optional<Problem> notCopied, int expired) {
        private String status() {
            if (notProved.isPresent()) {
                return "UNPROVED";
            }
            return notCopied.isPresent() ? "PARTIAL" : "SUCCESS";
        }

        /** One problem that says all of them. */
        public Optional<Problem> problem() {
            var problems =
                    Stream.of(notProved, notCopied).flatMap(Optional::stream).toList();
            return problems.isEmpty() ? Optional.empty() : Optional.of(Problem.together(problems));
        }
    }

    /** Whether one was made so lately that another is of no use. */
    public boolean isFresh() {
        return new BackupFolder(config.backup().folder())
                .list().stream()
                        .anyMatch(kept -> kept.madeAt().isAfter(clock.instant().minus(FRESH))
                                && !kept.madeAt().isAfter(clock.instant()));
    }

    /** Ends a backup that is under way; nothing of it stays. */
    public void cancel() {
        cancelled = true;
        running.ifPresent(process -> {
            try {
                process.close();
            } catch (IOException unimportant) {
                return;
            }
        });
    }

    /** What goes wrong before the file stands is thrown, and leaves everything as it was. */
    public Made make() throws InterruptedException {
        var recipients = AgeKeys.recipients(config.backup().publicKeys()); // without a key no backup is meant: no alert
        var server = new Server(config.localPostgres());
        var folder = new BackupFolder(config.backup().folder());
        try (var session = BackupSession.open(server)) {
            var started = clock.millis();
            try {
                var made = make(server, session, folder, recipients);
                session.note(made.status(), made.problem(), clock.millis() - started);
                return made;
            } catch (Problem problem) {
                if (!cancelled) {
                    session.note("ERROR", Optional.of(problem), clock.millis() - started);
                }
                throw problem;
            }
        } catch (SQLException failure) {
            throw server.problem(failure);
        }
    }

    private Made make(Server server, BackupSession session, BackupFolder folder, List<RecipientStanzaWriter> recipients)
            throws SQLException, InterruptedException {
        var programs = new PgPrograms(config.backup().programs()).folder(session.serverVersion());
        var madeAt = clock.instant();
        var name = BackupFolder.name(madeAt);
        var part = folder.part(name);
        try {
            DiskFiles.createPrivateFolder(folder.path());
            folder.removeUnfinished();
            requireSpace(session, folder);
            var contents = session.contents();
            Optional<Problem> notProved;
            String sha256;
            try (var trial = Trial.begin(server, session, programs, name, folder.path())) {
                sha256 = dump(session, programs, part, recipients, trial);
                notProved = trial.end(contents);
            }
            if (!Sealed.sha256(part).equals(sha256)) {
                throw new Problem(ProblemCode.BACKUP_DAMAGED, name);
            }
            var manifest = new Manifest(
                    madeAt.toString(),
                    server.settings().database(),
                    version,
                    session.serverVersion(),
                    Files.size(part),
                    sha256,
                    notProved.isEmpty(),
                    notProved.map(problem -> problem.code().id()).orElse(""),
                    session.roles(),
                    contents);
            folder.publish(name, manifest);
            return keep(folder, name, manifest, notProved);
        } catch (IOException failure) {
            throw folder.unwritable(failure);
        } finally {
            discard(part);
        }
    }

    private static void discard(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException left) {
            return; // the next backup removes it
        }
    }

    /** A dump is smaller than its database, by how much the last one tells. */
    private static void requireSpace(BackupSession session, BackupFolder folder) throws SQLException {
        var needed = SPARE_BYTES
                + folder.list().stream()
                        .findFirst()
                        .map(last -> last.bytes() + last.bytes() / 4)
                        .orElse(session.size() / 4);
        var free = folder.path().toFile().getUsableSpace();
        if (free < needed) {
            throw new Problem(
                    ProblemCode.BACKUP_NO_SPACE,
                    folder.path(),
                    String.valueOf(free >> 20),
                    String.valueOf(needed >> 20));
        }
    }

    /** The SHA-256 of the sealed file. */
    private String dump(
            BackupSession session, Path programs, Path part, List<RecipientStanzaWriter> recipients, Trial trial)
            throws IOException, InterruptedException {
        try (var dump = PgProcess.start(
                        PgPrograms.program(programs, "pg_dump"),
                        config.localPostgres(),
                        List.of(
                                "--format=custom",
                                "--compress=6",
                                "--lock-wait-timeout=60000",
                                "--snapshot=" + session.snapshot()));
                var sealed = Sealed.create(part, recipients)) {
            running = Optional.of(dump);
            dump.input().close();
            var block = new byte[BLOCK];
            for (int read = dump.output().read(block);
                    read >= 0;
                    read = dump.output().read(block)) {
                sealed.write(block, 0, read);
                trial.write(block, read);
            }
            if (dump.end() != 0 || cancelled) {
                throw failed(dump.complaint());
            }
            return sealed.seal();
        } finally {
            running = Optional.empty();
        }
    }

    private Problem failed(Complaint complaint) {
        var user = config.localPostgres().user();
        return complaint == Complaint.RIGHT
                ? new Problem(ProblemCode.BACKUP_RIGHT_MISSING, user)
                        .remediedBy(List.of("GRANT pg_read_all_data TO " + Server.quoted(user) + ";"))
                : new Problem(ProblemCode.BACKUP_DUMP_FAILED, complaint.text());
    }

    /** The second place, then the old ones: those go only after a backup that was proved. */
    private Made keep(BackupFolder folder, String name, Manifest manifest, Optional<Problem> notProved)
            throws IOException {
        var file = folder.path().resolve(name);
        var retention = new Retention(config.backup().retention(), ClinicTime.ZONE);
        var expired = folder.prune(retention);
        Optional<Problem> notCopied = Optional.empty();
        if (config.backup().copyFolder().isPresent()) {
            var second = new BackupFolder(config.backup().copyFolder().get());
            try {
                second.removeUnfinished();
                second.take(file, manifest);
                second.prune(retention);
            } catch (IOException failure) {
                notCopied = Optional.of(new Problem(
                                ProblemCode.BACKUP_NOT_COPIED,
                                second.path(),
                                failure.getClass().getSimpleName())
                        .causedBy(failure));
            }
        }
        return new Made(file, manifest.bytes(), KeptBackup.rows(manifest), notProved, notCopied, expired);
    }
}
