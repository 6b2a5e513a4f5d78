package com.centrovision.sync.backup;

import com.centrovision.sync.clinic.ClinicFailures;
import com.centrovision.sync.config.Config.LocalPostgres;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import java.net.InetAddress;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;

/** The clinic's PostgreSQL server, of which backups see more than one database. */
public record Server(LocalPostgres settings) {
    static final String PREFIX_OF_TRIALS = "centrovision_trial_";

    Server withUser(String user, String password) {
        return new Server(new LocalPostgres(settings.host(), settings.port(), settings.database(), user, password));
    }

    Connection open() {
        return open(settings.database());
    }

    /** For long statements: nothing but a dead line ends them. */
    Connection open(String database) {
        var properties = new Properties();
        properties.setProperty("user", settings.user());
        properties.setProperty("password", settings.password());
        properties.setProperty("ApplicationName", "centrovision-sync backup");
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("loginTimeout", "10");
        properties.setProperty("tcpKeepAlive", "true");
        try {
            return DriverManager.getConnection(
                    "jdbc:postgresql://" + settings.host() + ":" + settings.port() + "/"
                            + URLEncoder.encode(database, StandardCharsets.UTF_8),
                    properties);
        } catch (SQLException refusal) {
            throw problem(refusal);
        }
    }

    Problem problem(SQLException failure) {
        return new ClinicFailures(settings).problem(failure);
    }

    boolean isHere() {
        try {
            return InetAddress.getByName(settings.host()).isLoopbackAddress();
        } catch (UnknownHostException unknown) {
            return false;
        }
    }

    /** Makes an empty database like the one that is backed up. */
    void create(Connection connection, String database, String like) throws SQLException {
        var options = text(
                connection,
                """
                select format(
                  'encoding %L lc_collate %L lc_ctype %L', pg_encoding_to_char(encoding), datcollate, datctype)
                from pg_database
                where datname = ?
                """,
                like);
        try (var statement = connection.createStatement()) {
            statement.execute("create database " + quoted(database) + " template template0 " + options);
        } catch (SQLException refusal) {
            if ("42501".equals(refusal.getSQLState())) {
                throw new Problem(ProblemCode.RESTORE_RIGHT_MISSING, settings.user())
                        .remediedBy(List.of("ALTER ROLE " + quoted(settings.user()) + " CREATEDB;"))
                        .causedBy(refusal);
            } else if ("42P04".equals(refusal.getSQLState())) {
                throw new Problem(ProblemCode.RESTORE_DATABASE_EXISTS, database).causedBy(refusal);
            }
            throw refusal;
        }
    }

    void drop(Connection connection, String database) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("drop database if exists " + quoted(database) + " with (force)");
        } catch (SQLException old) {
            if (!"42601".equals(old.getSQLState())) {
                throw old;
            }
            try (var statement = connection.createStatement()) { // PostgreSQL 12 and older cannot force it
                statement.execute("drop database if exists " + quoted(database));
            }
        }
    }

    static String text(Connection connection, String query, String... parameters) throws SQLException {
        try (var statement = connection.prepareStatement(query)) {
            for (int place = 0; place < parameters.length; place++) {
                statement.setString(place + 1, parameters[place]);
            }
            try (var result = statement.executeQuery()) {
                return result.next() && result.getString(1) != null ? result.getString(1) : "";
            }
        }
    }

    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
