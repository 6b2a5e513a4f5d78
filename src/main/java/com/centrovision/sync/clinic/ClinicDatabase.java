package com.centrovision.sync.clinic;

import com.centrovision.sync.config.Config;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** The clinic's PostgreSQL: its connection pool, and what is wrong when it does not let us in. Threads share it. */
public final class ClinicDatabase implements AutoCloseable {
    /** As many as the passes of a clinic's tables take together at once, and as the pool then keeps. */
    private static final int WRITERS = 8;

    private final Config.LocalPostgres settings;
    private final int size;
    private final ClinicConnections connections;
    private HikariDataSource pool;

    /** @param size how many connections the pool may have */
    public ClinicDatabase(Config.LocalPostgres settings, int size) {
        this.settings = settings;
        this.size = size;
        this.connections = new ClinicConnections(settings);
    }

    /** Connects once, so that what is wrong is said in one line, then opens the pool. */
    public void start() {
        try (var probe = connections.openBrief()) {
            probe.isValid(5);
        } catch (SQLException refusal) {
            throw problem(refusal);
        }
        var config = new HikariConfig();
        config.setPoolName("clinic");
        config.setDataSource(connections);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(10_000);
        config.setInitializationFailTimeout(-1);
        pool = new HikariDataSource(config);
    }

    /** A connection of its own for short statements: ten seconds of silence end it. */
    Connection openBrief() throws SQLException {
        return connections.openBrief();
    }

    /** From here on the pool's connections belong to the writer's lock; those of its first passes are opened at once. */
    void admit(WriterSession writer) {
        connections.admit(writer);
        pool.getHikariConfigMXBean().setMinimumIdle(Math.min(WRITERS, size));
        renew();
    }

    /** Whoever asks from here on gets a connection that was opened after this. */
    void renew() {
        pool.getHikariPoolMXBean().softEvictConnections();
    }

    /** The lock is lost: every connection ends at once, and none is opened before the next {@link #admit}. */
    void cut() {
        connections.cut();
        pool.getHikariConfigMXBean().setMinimumIdle(1);
        renew();
    }

    /** Tells how the pool does, to a registry of Micrometer's. */
    public void measure(Object registry) {
        pool.setMetricRegistry(registry);
    }

    public DataSource dataSource() {
        return pool;
    }

    public JdbcTemplate jdbc() {
        return new JdbcTemplate(pool);
    }

    private Problem problem(SQLException refusal) {
        if ("42501".equals(refusal.getSQLState())) {
            return new Problem(ProblemCode.CLINIC_GRANT_MISSING, settings.user(), 1, settings.database())
                    .remediedBy(List.of("GRANT CONNECT ON DATABASE %s TO %s;"
                            .formatted(quoted(settings.database()), quoted(settings.user()))))
                    .causedBy(refusal);
        }
        var problem = new ClinicFailures(settings).problem(refusal);
        return problem.code() == ProblemCode.CLINIC_SILENT || problem.code() == ProblemCode.CLINIC_STATEMENT_FAILED
                ? new Problem(ProblemCode.CLINIC_UNREACHABLE, settings.host(), String.valueOf(settings.port()))
                        .causedBy(refusal)
                : problem;
    }

    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** Where the server is gone, the pool would go on trying to reach it for longer than a stop may take. */
    @Override
    public void close() {
        if (pool != null) {
            CompletableFuture.runAsync(pool::close)
                    .completeOnTimeout(null, 2, TimeUnit.SECONDS)
                    .join();
        }
    }
}
