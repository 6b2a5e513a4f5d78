package com.centrovision.sync.console;

import com.centrovision.sync.problem.Problem;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** The clinic's database for who looks at a page: while it is known not to work, nobody waits for it. Threads share it. */
final class AnsweringClinic extends DelegatingDataSource {
    private static final Duration LONGEST = Duration.ofSeconds(15);

    private final Supplier<Optional<Problem>> problem;

    private AnsweringClinic(DataSource pool, Supplier<Optional<Problem>> problem) {
        super(pool);
        this.problem = problem;
    }

    static JdbcTemplate of(DataSource pool, Supplier<Optional<Problem>> problem) {
        var clinic = new JdbcTemplate(new AnsweringClinic(pool, problem));
        clinic.setQueryTimeout((int) LONGEST.toSeconds());
        return clinic;
    }

    @Override
    public Connection getConnection() throws SQLException {
        problem.get().ifPresent(known -> {
            throw known;
        });
        return super.getConnection();
    }
}
