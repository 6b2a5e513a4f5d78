package com.centrovision.sync.backup;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** How many rows each table has, and the sum of their digests, in whatever order they lie: equal where two databases are. */
final class Contents {
    private static final String TABLES =
            """
            select c.oid::regclass::text
            from pg_class c
            join pg_namespace n on n.oid = c.relnamespace
            where c.relkind = 'r'
              and c.relpersistence = 'p'
              and n.nspname <> 'information_schema'
              and n.nspname not like 'pg\\_%'
              and not exists (
                select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
            order by 1
            """;

    /** The same text for the same value, whoever asks; names with their schemas. */
    private static final String SETTINGS =
            """
            set search_path = pg_catalog;
            set timezone = 'UTC';
            set datestyle = 'ISO, YMD';
            set intervalstyle = 'postgres';
            set bytea_output = 'hex';
            set extra_float_digits = 1;
            set row_security = off;
            set statement_timeout = 0;
            set lock_timeout = '60s';
            set idle_in_transaction_session_timeout = 0
            """;

    private Contents() {}

    static void prepare(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(SETTINGS);
        }
    }

    /** After {@link #prepare}: table to {@code rows/digest}. */
    static Map<String, String> of(Connection connection) throws SQLException {
        var contents = new TreeMap<String, String>();
        try (var statement = connection.createStatement()) {
            try (var tables = statement.executeQuery(TABLES)) {
                while (tables.next()) {
                    contents.put(tables.getString(1), "");
                }
            }
            for (var table : contents.entrySet()) {
                try (var sum = statement.executeQuery(
                        "select count(*) || '/' || coalesce(sum(hashtextextended(t::text, 0)), 0) from only "
                                + table.getKey() + " t")) {
                    sum.next();
                    table.setValue(sum.getString(1));
                }
            }
        }
        return contents;
    }

    /** The first table that is not the same. */
    static Optional<String> difference(Map<String, String> one, Map<String, String> other) {
        var names = new TreeMap<String, String>(one);
        names.putAll(other);
        return names.keySet().stream()
                .filter(table -> !one.getOrDefault(table, "").equals(other.getOrDefault(table, "")))
                .findFirst();
    }
}
