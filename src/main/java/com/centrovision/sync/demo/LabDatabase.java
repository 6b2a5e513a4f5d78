package com.centrovision.sync.demo;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** One database of the lab, with what a test needs to look into it. Every call opens its own connection. */
public record LabDatabase(String host, int port, String name, String user, String password) {
    public String jdbcUrl() {
        return "jdbc:postgresql://" + host + ":" + port + "/" + name;
    }

    public Connection connect() throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("connectTimeout", "10");
        return DriverManager.getConnection(jdbcUrl(), properties);
    }

    /** Runs one or several statements, separated by semicolons, in one transaction. */
    public void execute(String sql) {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(name + ": " + e.getMessage(), e);
        }
    }

    /** The rows, each as column name to value, in the order of the select list. */
    public List<Map<String, Object>> query(String sql, Object... parameters) {
        try (var connection = connect();
                var statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            try (var result = statement.executeQuery()) {
                var rows = new ArrayList<Map<String, Object>>();
                while (result.next()) {
                    var row = new LinkedHashMap<String, Object>();
                    for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                        row.put(result.getMetaData().getColumnLabel(i), result.getObject(i));
                    }
                    rows.add(row);
                }
                return rows;
            }
        } catch (SQLException e) {
            throw new IllegalStateException(name + ": " + e.getMessage(), e);
        }
    }

    /** The first column of the first row; empty when there is no row or the value is NULL. */
    public Optional<Object> value(String sql, Object... parameters) {
        return query(sql, parameters).stream()
                .findFirst()
                .flatMap(row -> Optional.ofNullable(row.values().iterator().next()));
    }

    public long count(String table) {
        return (Long) value("select count(*) from " + table).orElseThrow();
    }

    /** Fills all tables with believable rows; the same seed gives the same rows in any database. */
    public void generate(String seed, int patients) {
        query("select demo_generate(?, ?)", seed, patients);
    }

    /** Fills patients alone, and the few branches they belong to. */
    public void generatePatients(String seed, int patients) {
        query("select demo_generate_patients(?, ?)", seed, patients);
    }
}
