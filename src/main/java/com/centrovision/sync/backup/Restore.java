package com.centrovision.sync.backup;

import com.centrovision.sync.config.Config;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.problem.Text;
import com.exceptionfactory.jagged.RecipientStanzaReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Puts a backup into a database of its own, looks whether all of it is there, and where it is asked into the clinic's place. */
public final class Restore {
    /** Where databases are renamed from. */
    private static final String MAINTENANCE = "postgres";

    private static final int BLOCK = 64 * 1024;

    private final Config config;
    private final Server server;
    private final Clock clock;

    public Restore(Config config, Clock clock) {
        this(config, new Server(config.localPostgres()), clock);
    }

    private Restore(Config config, Server server, Clock clock) {
        this.config = config;
        this.server = server;
        this.clock = clock;
    }

    /** The same as somebody with more rights. */
    public Restore as(String user, String password) {
        return new Restore(config, server.withUser(user, password), clock);
    }

    /** Whether the file is as it was written; its manifest tells, the key is not needed. False where there is none. */
    public static boolean isIntact(Path file) {
        try {
            var manifest = BackupFolder.manifest(file);
            if (manifest.isPresent() && !manifest.get().sha256().equals(Sealed.sha256(file))) {
                throw new Problem(ProblemCode.BACKUP_DAMAGED, file.getFileName());
            }
            return manifest.isPresent();
        } catch (IOException unreadable) {
            throw new Problem(ProblemCode.BACKUP_DAMAGED, file.getFileName()).causedBy(unreadable);
        }
    }

    /** Restores it and throws it away again. */
    public void tryOut(Path file, List<RecipientStanzaReader> keys) throws InterruptedException {
        var database = free("centrovision_verify_");
        into(file, keys, database, "--no-owner", "--no-privileges", "--no-comments");
        try (var work = server.open(MAINTENANCE)) {
            server.drop(work, database);
        } catch (SQLException failure) {
            throw server.problem(failure);
        }
    }

    /** Restores it beside the clinic's database; the name of the new one. */
    public String beside(Path file, List<RecipientStanzaReader> keys, Optional<String> wanted)
            throws InterruptedException {
        var database = wanted.orElseGet(() -> free(server.settings().database() + "_restored_"));
        requireRoles(file);
        into(file, keys, database);
        return database;
    }

    /**
     * Restores it and gives it the name of the clinic's database, which keeps its rows under another name, if there was one.
     * Nobody may be connected to that.
     */
    public Optional<String> replace(Path file, List<RecipientStanzaReader> keys) throws InterruptedException {
        var name = server.settings().database();
        var old = free(name + "_before_");
        try (var work = server.open(MAINTENANCE)) {
            requireUnused(work, name);
            var restored = beside(file, keys, Optional.empty());
            try {
                requireUnused(work, name);
                return rename(work, name, old, restored) ? Optional.of(old) : Optional.empty();
            } catch (SQLException | Problem failure) {
                server.drop(work, restored);
                throw failure;
            }
        } catch (SQLException failure) {
            throw server.problem(failure);
        }
    }

    /** Both names change or none does. */
    private boolean rename(Connection work, String name, String old, String restored) throws SQLException {
        work.setAutoCommit(false);
        try (var statement = work.createStatement()) {
            var was = exists(work, name);
            if (was) {
                statement.execute("alter database %s rename to %s".formatted(Server.quoted(name), Server.quoted(old)));
            }
            statement.execute("alter database %s rename to %s".formatted(Server.quoted(restored), Server.quoted(name)));
            work.commit();
            return was;
        } catch (SQLException failure) {
            work.rollback();
            if ("55006".equals(failure.getSQLState())) {
                throw new Problem(ProblemCode.RESTORE_IN_USE, name, "1").causedBy(failure);
            } else if ("42501".equals(failure.getSQLState())) {
                throw rightMissing(work, List.of(owner(work, name))).causedBy(failure);
            }
            throw failure;
        } finally {
            work.setAutoCommit(true);
        }
    }

    private static void requireUnused(Connection work, String name) throws SQLException {
        var sessions = Server.text(work, "select count(*)::text from pg_stat_activity where datname = ?", name);
        if (!sessions.equals("0")) {
            throw new Problem(ProblemCode.RESTORE_IN_USE, name, sessions);
        }
    }

    private static boolean exists(Connection work, String name) throws SQLException {
        return !Server.text(work, "select 'yes' from pg_database where datname = ?", name)
                .isEmpty();
    }

    private String free(String prefix) {
        return prefix + BackupFolder.stamp(clock.instant()).toLowerCase(Locale.ROOT);
    }

    /** Rights are given to roles, and a backup of one database holds none. */
    private void requireRoles(Path file) {
        try (var work = server.open(MAINTENANCE)) {
            var missing = new ArrayList<String>();
            for (var role : BackupFolder.manifest(file).map(Manifest::roles).orElse(List.of())) {
                if (Server.text(work, "select rolname from pg_roles where rolname = ?", role)
                        .isEmpty()) {
                    missing.add(role);
                }
            }
            if (!missing.isEmpty()) {
                throw new Problem(ProblemCode.RESTORE_ROLES_MISSING, String.join(", ", missing))
                        .remediedBy(missing.stream()
                                .map(role -> "CREATE ROLE " + Server.quoted(role) + " LOGIN;")
                                .toList());
            }
        } catch (SQLException failure) {
            throw server.problem(failure);
        }
    }

    private void into(Path file, List<RecipientStanzaReader> keys, String database, String... options)
            throws InterruptedException {
        readWhole(file, keys);
        try (var work = server.open(MAINTENANCE)) {
            var version = Integer.parseInt(Server.text(work, "select current_setting('server_version_num')")) / 10000;
            var programs = new PgPrograms(config.backup().programs()).folder(version);
            server.create(work, database, like(work));
            try {
                leaveToOwner(work, database);
                fill(work, file, keys, database, programs, options);
                requireSame(file, database);
            } catch (Problem | SQLException failure) {
                server.drop(work, database);
                throw failure;
            }
        } catch (SQLException failure) {
            throw server.problem(failure);
        }
    }

    /** Tables belong to others than the service, such as the user of the apps: whoever makes them must be one of those. */
    private Problem rightMissing(Connection work, List<String> owners) throws SQLException {
        var user = server.settings().user();
        var grants = new ArrayList<String>();
        for (var owner : owners) {
            var lacks = Server.text(
                    work,
                    "select 'yes' from pg_roles where rolname = ? and not rolsuper and not pg_has_role(oid, 'member')",
                    owner);
            if (!lacks.isEmpty()) {
                grants.add("GRANT " + Server.quoted(owner) + " TO " + Server.quoted(user) + ";");
            }
        }
        return new Problem(ProblemCode.RESTORE_RIGHT_MISSING, user).remediedBy(grants);
    }

    /** What is restored is to belong to whom the clinic's database belongs to, where whoever restores it may give it away. */
    private void leaveToOwner(Connection work, String database) throws SQLException {
        var own = config.localPostgres();
        var owner = owner(work, own.database());
        var mayGive =
                Server.text(work, "select pg_has_role(oid, 'member')::text from pg_roles where rolname = ?", owner);
        if (mayGive.equals("false")) {
            return;
        }
        try (var statement = work.createStatement()) {
            statement.execute("alter database %s owner to %s"
                    .formatted(Server.quoted(database), Server.quoted(owner.isEmpty() ? own.user() : owner)));
        }
    }

    private static String owner(Connection work, String database) throws SQLException {
        return Server.text(work, "select pg_get_userbyid(datdba) from pg_database where datname = ?", database);
    }

    private String like(Connection work) throws SQLException {
        var name = server.settings().database();
        return exists(work, name) ? name : "template1";
    }

    /** Nothing is made before it is known that the key fits and that no byte is wrong. */
    private static void readWhole(Path file, List<RecipientStanzaReader> keys) {
        try (var in = Sealed.open(file, keys)) {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException damaged) {
            throw new Problem(ProblemCode.BACKUP_DAMAGED, file.getFileName()).causedBy(damaged);
        }
    }

    private void fill(
            Connection work,
            Path file,
            List<RecipientStanzaReader> keys,
            String database,
            Path programs,
            String... options)
            throws InterruptedException, SQLException {
        try (var in = Sealed.open(file, keys);
                var restore = PgRestore.start(programs, server.settings(), database, options)) {
            var block = new byte[BLOCK];
            for (int read = in.read(block); read >= 0; read = in.read(block)) {
                restore.write(block, read);
            }
            var complaint = restore.end();
            if (complaint.filter(Complaint.RIGHT::equals).isPresent()) {
                throw rightMissing(
                        work, BackupFolder.manifest(file).map(Manifest::roles).orElse(List.of()));
            } else if (complaint.isPresent()) {
                throw failed(file, complaint.get().text());
            }
        } catch (IOException damaged) {
            throw new Problem(ProblemCode.BACKUP_DAMAGED, file.getFileName()).causedBy(damaged);
        }
    }

    private void requireSame(Path file, String database) throws SQLException {
        var manifest = BackupFolder.manifest(file);
        try (var restored = server.open(database)) {
            Contents.prepare(restored);
            if (manifest.isPresent()) {
                var difference = Contents.difference(manifest.get().contents(), Contents.of(restored));
                if (difference.isPresent()) {
                    throw failed(file, Text.of("backup.trial.differs", difference.get()));
                }
            }
            try (var statement = restored.createStatement()) {
                statement.execute("analyze");
            }
        }
    }

    private static Problem failed(Path file, Text why) {
        return new Problem(ProblemCode.RESTORE_FAILED, file.getFileName(), why);
    }
}
