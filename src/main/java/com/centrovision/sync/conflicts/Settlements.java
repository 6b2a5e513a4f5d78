package com.centrovision.sync.conflicts;

import com.centrovision.sync.problem.ClinicTime;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.problem.Text;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.JdbcTemplate;

/** Carries out what a person decides about a conflict, in the clinic's database alone. */
public final class Settlements {
    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String UNDEFINED_FUNCTION = "42883";

    /** The version of a row that a person wants on both sides. */
    public enum Keep {
        LOCAL,
        REMOTE
    }

    /** What came of it; only {@code SETTLED} has touched the row. */
    public enum Verdict {
        SETTLED,
        /** It stands so already. */
        ALREADY,
        /** A person has decided otherwise before. */
        DECIDED,
        /** The clinic has changed the held row again; the conflict shows that now. */
        MOVED,
        /** The row no longer holds what was decided. */
        CHANGED,
        MISSING
    }

    /** @param resolution what stands now, by whom and since when; null while nothing is decided */
    public record Settlement(Verdict verdict, String resolution, String resolvedBy, Instant resolvedAt) {

        /** Throws what a person is told where it was not settled and does not stand so already. */
        public void requireDone(long conflict) {
            switch (verdict) {
                case SETTLED, ALREADY -> {}
                case DECIDED ->
                    throw new Problem(
                            ProblemCode.CONFLICT_DECIDED,
                            conflict,
                            Optional.ofNullable(resolvedBy).orElse("-"),
                            ClinicTime.minute(resolvedAt),
                            Text.of("conflict.winner." + resolution));
                case MOVED -> throw new Problem(ProblemCode.CONFLICT_MOVED, conflict);
                case CHANGED -> throw new Problem(ProblemCode.CONFLICT_ROW_CHANGED, conflict);
                case MISSING -> throw new Problem(ProblemCode.CONFLICT_UNKNOWN, conflict);
            }
        }
    }

    private final JdbcTemplate clinic;

    public Settlements(JdbcTemplate clinic) {
        this.clinic = clinic;
    }

    public Settlement settle(long conflict, Keep keep, String person) {
        try {
            return clinic.queryForObject(
                    "select * from sync_settle(?, ?, ?)",
                    (row, number) -> settlement(row),
                    conflict,
                    keep.name().toLowerCase(Locale.ROOT),
                    person);
        } catch (DataAccessException failure) {
            throw problem(conflict, failure);
        }
    }

    private static Settlement settlement(ResultSet row) throws SQLException {
        var resolvedAt = row.getTimestamp("resolved_at");
        return new Settlement(
                Verdict.valueOf(row.getString("verdict").toUpperCase(Locale.ROOT)),
                row.getString("resolution"),
                row.getString("resolved_by"),
                resolvedAt == null ? null : resolvedAt.toInstant());
    }

    private static RuntimeException problem(long conflict, DataAccessException failure) {
        if (!(failure.getRootCause() instanceof SQLException refusal) || refusal.getSQLState() == null) {
            return failure;
        }
        var state = refusal.getSQLState();
        if (state.equals(LOCK_NOT_AVAILABLE)) {
            return new Problem(ProblemCode.CONFLICT_ROW_BUSY, conflict).causedBy(failure);
        }
        if (state.startsWith("08") || failure instanceof BadSqlGrammarException && state.equals(UNDEFINED_FUNCTION)) {
            return failure;
        }
        return new Problem(ProblemCode.CONFLICT_REFUSED, conflict, state).causedBy(failure);
    }
}
