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
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/** Brings the control tables and functions to this version; does nothing where they are. */
public final class ControlTables {
    private final DataSource clinic;
    private final Path sql;
    private final String user;

    /** @param sql the folder that holds {@code migrations} and {@code functions} */
    public ControlTables(DataSource clinic, Path sql, String user) {
        this.clinic = clinic;
        this.sql = sql;
        this.user = user;
    }

    public void upgrade() {
        requireGrant();
        try {
            flyway().load().migrate();
        } catch (FlywayException failure) {
            var refusal = Stream.iterate((Throwable) failure, cause -> cause != null, Throwable::getCause)
                    .filter(SQLException.class::isInstance)
                    .map(SQLException.class::cast)
                    .findFirst();
            var state = refusal.map(SQLException::getSQLState).orElse("?");
            if (state.equals("42501")) {
                throw new Problem(
                                ProblemCode.CLINIC_GRANT_MISSING,
                                user,
                                "the schema public",
                                "GRANT CREATE, USAGE ON SCHEMA public TO \"" + user + "\";")
                        .causedBy(failure);
            }
            throw new Problem(ProblemCode.CLINIC_MIGRATION_FAILED, sql.toString(), state).causedBy(failure);
        }
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

    /** Rows of the cloud are written with the triggers silenced, which takes a right of its own. */
    private void requireGrant() {
        var jdbc = new JdbcTemplate(clinic);
        try {
            jdbc.execute("begin; set local session_replication_role = replica; rollback");
        } catch (DataAccessException refusal) {
            throw new Problem(
                            ProblemCode.CLINIC_GRANT_MISSING,
                            user,
                            "session_replication_role",
                            "GRANT SET ON PARAMETER session_replication_role TO \"" + user + "\";")
                    .causedBy(refusal);
        }
    }
}
