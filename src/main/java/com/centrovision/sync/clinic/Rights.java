package com.centrovision.sync.clinic;

import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/** What the service's user may not do in the clinic's database, told as the statements that let it. Changes nothing. */
public final class Rights {
    private static final Pattern OWN =
            Pattern.compile("(?m)^create (?:(?:unlogged )?table if not exists|or replace (view|function)) (\\w+)");
    private static final int PARAMETERS_HAVE_RIGHTS = 150000;

    private final JdbcTemplate clinic;
    private final Path sql;
    private final String user;
    private final String database;

    /** @param sql the folder that holds {@code clinic}, {@code migrations} and {@code functions} */
    public Rights(DataSource clinic, Path sql, String user, String database) {
        this.clinic = new JdbcTemplate(clinic);
        this.sql = sql;
        this.user = user;
        this.database = database;
    }

    /** A right that is missing: of one table, or of all. */
    private record Missing(Optional<String> table, String statement) {}

    /** What is missing, and for whom. */
    public final class Report {
        private final List<Missing> missing;
        private final int tables;

        private Report(List<Missing> missing, int tables) {
            this.missing = missing;
            this.tables = tables;
        }

        /** Whether nothing at all can be done: a right of the whole service is missing, or rights of every table. */
        public boolean stopsEverything() {
            return missing.stream().anyMatch(right -> right.table().isEmpty())
                    || !missing.isEmpty() && leftOut().size() == tables;
        }

        /** The tables that cannot be synced. */
        public Collection<String> leftOut() {
            return missing.stream()
                    .flatMap(right -> right.table().stream())
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        /** One problem with all statements; empty where nothing is missing. */
        public Optional<Problem> problem() {
            var statements = missing.stream().map(Missing::statement).distinct().toList();
            return statements.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Problem(ProblemCode.CLINIC_GRANT_MISSING, user, statements.size(), database)
                            .remediedBy(statements));
        }
    }

    /** @param tables the tables to be synced; those that the clinic does not have are passed over */
    public Report report(List<String> tables) {
        var names = String.join(",", tables);
        var missing = new ArrayList<>(clinic.query(
                read("clinic/missing-rights.sql"),
                (row, number) -> new Missing(Optional.ofNullable(row.getString(1)), row.getString(2)),
                names,
                own(false),
                own(true)));
        triggersCannotBeSilenced().ifPresent(statement -> missing.add(0, new Missing(Optional.empty(), statement)));
        var existing = clinic.queryForObject(
                "select count(*) from pg_class where relnamespace = 'public'::regnamespace "
                        + "and relname = any (string_to_array(?, ','))",
                Integer.class,
                names);
        return new Report(List.copyOf(missing), existing);
    }

    /** Rows of the cloud are written with the triggers silenced, which takes a right of its own. */
    private Optional<String> triggersCannotBeSilenced() {
        return mayNotSet("session_replication_role", "replica");
    }

    /**
     * The statement without which large first loads are slower: rows are copied only where the server's log does not tell
     * what a refused one holds. Empty where the right is there.
     */
    public Optional<String> loadsAreSlow() {
        return mayNotSet("log_min_messages", "log");
    }

    private Optional<String> mayNotSet(String parameter, String value) {
        try {
            clinic.queryForObject("select set_config(?, ?, true)", String.class, parameter, value);
            return Optional.empty();
        } catch (DataAccessException refusal) {
            var role = ClinicDatabase.quoted(user);
            var version = clinic.queryForObject("select current_setting('server_version_num')::int", Integer.class);
            return Optional.of(
                    version >= PARAMETERS_HAVE_RIGHTS
                            ? "GRANT SET ON PARAMETER " + parameter + " TO " + role + ";"
                            : "ALTER ROLE " + role + " SUPERUSER; -- PostgreSQL 14 and older have no smaller right");
        }
    }

    /** What the scripts make, and therefore may alter or replace. */
    private String own(boolean functions) {
        return Stream.of("migrations", "functions")
                .flatMap(folder -> files(sql.resolve(folder)))
                .flatMap(file -> OWN.matcher(read(file)).results())
                .filter(found -> "function".equals(found.group(1)) == functions)
                .map(found -> found.group(2))
                .collect(Collectors.joining(",", "", functions ? "" : ",_sync_schema_history"));
    }

    private static Stream<Path> files(Path folder) {
        try (var listing = Files.list(folder)) {
            return listing.sorted().toList().stream();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private String read(String file) {
        return read(sql.resolve(file));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
