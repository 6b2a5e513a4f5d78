package com.centrovision.sync.clinic;

import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.springframework.jdbc.core.JdbcTemplate;

/** Brings the control tables and functions to this version; does nothing where they are. */
public final class ControlTables {
    private final DataSource clinic;
    private final Path sql;

    /** @param sql the folder that holds {@code migrations} and {@code functions} */
    public ControlTables(DataSource clinic, Path sql) {
        this.clinic = clinic;
        this.sql = sql;
    }

    /** How many of the scripts have not been run here yet, or have changed since. */
    public int pending() {
        return flyway().load().info().pending().length;
    }

    /** Whether an {@code init} was ever made here. */
    public boolean exist() {
        return Boolean.TRUE.equals(new JdbcTemplate(clinic)
                .queryForObject("select to_regclass('public._sync_schema_history') is not null", Boolean.class));
    }

    /** A newer version of the program has prepared this database: what this one would do to it, nobody has tried. */
    public void requireNotNewer() {
        new RunScripts(clinic, sql).unknown().ifPresent(script -> {
            throw new Problem(
                    ProblemCode.CLINIC_NEWER,
                    new JdbcTemplate(clinic).queryForObject("select current_database()", String.class),
                    script);
        });
    }

    public void upgrade() {
        var scripts = new RunScripts(clinic, sql);
        if (scripts.areThese()) {
            return;
        }
        requireNotNewer();
        try {
            flyway().load().migrate();
        } catch (FlywayException failure) {
            var refusal = Stream.iterate((Throwable) failure, cause -> cause != null, Throwable::getCause)
                    .filter(SQLException.class::isInstance)
                    .map(SQLException.class::cast)
                    .findFirst();
            var state = refusal.map(SQLException::getSQLState).orElse("?");
            throw new Problem(ProblemCode.CLINIC_MIGRATION_FAILED, sql.toString(), state).causedBy(failure);
        }
    }

    /** Whether the database was put back from a backup since the last start; what it holds is then held against the cloud first. */
    public boolean noticeRestore() {
        return Boolean.TRUE.equals(
                new JdbcTemplate(clinic).queryForObject("select sync_notice_restore()", Boolean.class));
    }

    private FluentConfiguration flyway() {
        return Flyway.configure()
                .dataSource(clinic)
                .locations("filesystem:" + sql.resolve("migrations"), "filesystem:" + sql.resolve("functions"))
                .table("_sync_schema_history")
                .defaultSchema("public")
                .createSchemas(false)
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .initSql("set check_function_bodies = off; set client_min_messages = warning")
                .placeholderReplacement(false)
                .validateMigrationNaming(true)
                .cleanDisabled(true);
    }
}
