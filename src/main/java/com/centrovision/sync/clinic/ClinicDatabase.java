package com.centrovision.sync.clinic;

import com.centrovision.sync.config.Config;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** The clinic's PostgreSQL: its connection pool, and what is wrong when it does not let us in. Threads share it. */
public final class ClinicDatabase implements AutoCloseable {
    private final Config.LocalPostgres settings;
    private final int connections;
    private HikariDataSource pool;

    public ClinicDatabase(Config.LocalPostgres settings, int connections) {
        this.settings = settings;
        this.connections = connections;
    }

    /** Connects once, so that what is wrong is said in one line, then opens the pool. */
    public void start() {
        try (var probe = DriverManager.getConnection(url(), properties())) {
            probe.isValid(5);
        } catch (SQLException refusal) {
            throw problem(refusal);
        }
        var config = new HikariConfig();
        config.setPoolName("clinic");
        config.setJdbcUrl(url());
        config.setDataSourceProperties(properties());
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(10_000);
        config.setInitializationFailTimeout(-1);
        pool = new HikariDataSource(config);
    }

    public DataSource dataSource() {
        return pool;
    }

    public JdbcTemplate jdbc() {
        return new JdbcTemplate(pool);
    }

    String url() {
        return "jdbc:postgresql://" + settings.host() + ":" + settings.port() + "/" + settings.database();
    }

    /** The password travels apart from the URL, which shows in logs and JMX. */
    Properties properties() {
        var properties = new Properties();
        properties.setProperty("user", settings.user());
        properties.setProperty("password", settings.password());
        properties.setProperty("ApplicationName", "centrovision-sync");
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("socketTimeout", "300");
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("stringtype", "unspecified");
        return properties;
    }

    private Problem problem(SQLException refusal) {
        var state = String.valueOf(refusal.getSQLState());
        if (state.startsWith("28")) {
            return new Problem(ProblemCode.CLINIC_PASSWORD_REFUSED, settings.user()).causedBy(refusal);
        } else if (state.equals("3D000")) {
            return new Problem(ProblemCode.CLINIC_DATABASE_MISSING, settings.database(), settings.host())
                    .causedBy(refusal);
        } else if (state.equals("42501")) {
            return new Problem(ProblemCode.CLINIC_GRANT_MISSING, settings.user(), 1, settings.database())
                    .remediedBy(List.of("GRANT CONNECT ON DATABASE %s TO %s;"
                            .formatted(quoted(settings.database()), quoted(settings.user()))))
                    .causedBy(refusal);
        }
        return new Problem(ProblemCode.CLINIC_UNREACHABLE, settings.host(), String.valueOf(settings.port()))
                .causedBy(refusal);
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
