package com.centrovision.sync.clinic;

import java.sql.Connection;
import java.sql.SQLException;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;

/** Whether the clinic's server takes writes, without one: whether it may, and has room for a few megabytes. */
public final class ClinicProbe {
    /** More than it may hold in memory, so that it needs a file. */
    private static final String SORT =
            """
            select count(*)
            from (
              select md5(number::text) || md5((-number)::text) as text
              from generate_series(1, 40000) as number
              order by text
              offset 1
            ) sorted
            """;

    private ClinicProbe() {}

    public static void require(JdbcTemplate clinic) {
        clinic.execute((ConnectionCallback<Void>) connection -> {
            require(connection);
            return null;
        });
    }

    /** Fails as a write would, with SQLSTATE 25006 or 53100; leaves nothing behind. */
    static void require(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            try (var answer = statement.executeQuery("show transaction_read_only")) {
                answer.next();
                if (answer.getString(1).equals("on")) {
                    throw new SQLException("the database is read-only", "25006");
                }
            }
            statement.execute("set work_mem = 64");
            statement.execute(SORT);
            statement.execute("reset work_mem");
        }
    }
}
