package com.centrovision.sync.backup;

import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.problem.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A restore into a database that is thrown away, to prove a backup. Where it cannot be made or fails, the backup is made all
 * the same and stays unproved.
 */
final class Trial implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Trial.class);
    private static final long SPARE_BYTES = 512L << 20;

    private final Server server;
    private final Connection work;
    private final String database;
    private final String backup;
    private Optional<PgRestore> restore = Optional.empty();
    private Optional<Problem> failure = Optional.empty();

    private Trial(Server server, Connection work, String database, String backup) {
        this.server = server;
        this.work = work;
        this.database = database;
        this.backup = backup;
    }

    static Trial begin(Server server, BackupSession session, Path programs, String backup, Path folder)
            throws SQLException {
        var name = Server.PREFIX_OF_TRIALS
                + Server.text(session.work(), "select oid::text from pg_database where datname = current_database()");
        var trial = new Trial(server, session.work(), name, backup);
        trial.failure = trial.obstacle(session, folder);
        if (trial.failure.isEmpty()) {
            trial.start(programs);
        }
        return trial;
    }

    /** A trial that fills the server's disk would stop the clinic. */
    private Optional<Problem> obstacle(BackupSession session, Path folder) throws SQLException {
        if (!server.isHere()) {
            return Optional.empty();
        }
        var told = session.dataDirectory();
        var place = told.isEmpty() || !Files.isReadable(Path.of(told)) ? folder : Path.of(told);
        var needed = session.size() + session.size() / 5 + SPARE_BYTES;
        var free = place.toFile().getUsableSpace();
        return free >= needed
                ? Optional.empty()
                : Optional.of(notProved(
                        Text.of("backup.trial.no-space", String.valueOf(free >> 20), String.valueOf(needed >> 20))));
    }

    private void start(Path programs) {
        try {
            server.drop(work, database); // of a backup that was cut short
            server.create(work, database, server.settings().database());
            restore = Optional.of(PgRestore.start(
                    programs, server.settings(), database, "--no-owner", "--no-privileges", "--no-comments"));
        } catch (Problem problem) {
            failure = Optional.of(notProved(why(problem)).remediedBy(problem.remedies()));
        } catch (SQLException | IOException unavailable) {
            failure = Optional.of(notProved(Complaint.OTHER.text()).causedBy(unavailable));
        }
    }

    /** Of a database of its own and not of one that a person restores: there is nothing to choose. */
    private Text why(Problem problem) {
        return switch (problem.code()) {
            case RESTORE_RIGHT_MISSING ->
                Text.of("backup.trial.right", server.settings().user());
            case RESTORE_DATABASE_EXISTS -> Text.of("backup.trial.in-the-way", database);
            default -> problem.text();
        };
    }

    void write(byte[] block, int length) {
        restore.ifPresent(into -> into.write(block, length));
    }

    /** Why it is not proved; empty where the restored rows are those that were dumped. */
    Optional<Problem> end(Map<String, String> expected) throws InterruptedException {
        if (restore.isPresent()) {
            failure = restore.get()
                    .end()
                    .map(Complaint::text)
                    .or(() -> difference(expected))
                    .map(this::notProved);
        }
        return failure;
    }

    private Optional<Text> difference(Map<String, String> expected) {
        try (var restored = server.open(database)) {
            Contents.prepare(restored);
            return Contents.difference(expected, Contents.of(restored))
                    .map(table -> Text.of("backup.trial.differs", table));
        } catch (SQLException | Problem unreadable) {
            return Optional.of(Complaint.CONNECTION.text());
        }
    }

    private Problem notProved(Text why) {
        return new Problem(ProblemCode.BACKUP_NOT_PROVED, backup, why);
    }

    @Override
    public void close() throws IOException {
        if (restore.isPresent()) {
            restore.get().close();
        }
        try {
            server.drop(work, database);
        } catch (SQLException left) {
            LOG.warn("trial database not dropped database={} sqlstate={}", database, left.getSQLState());
        }
    }
}
