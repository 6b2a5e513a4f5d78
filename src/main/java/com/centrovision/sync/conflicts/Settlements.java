package com.centrovision.sync.conflicts;

import com.centrovision.sync.problem.ClinicTime;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.problem.Text;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.JdbcTemplate;

/** Carries out what a person decides about a conflict, in the clinic's database alone. */
public final class Settlements {
    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String UNDEFINED_FUNCTION = "42883";

    /** A comma may be part of a column's name. */
    private static final String COLUMN_END = "\u001f";

    /** The version of a row that a person wants on both sides. */
    public enum Keep {
        LOCAL,
        REMOTE
    }

    /**
     * What a person decides.
     *
     * @param keep {@code local}, {@code remote} or {@code merged}
     * @param clinicColumns of what is merged, those as the clinic has them; the others are as the cloud has them
     * @param version what the person has seen; empty where it is all the same
     */
    public record Decision(String keep, List<String> clinicColumns, Optional<String> version) {
        public static Decision keeps(Keep keep) {
            return new Decision(keep.name().toLowerCase(Locale.ROOT), List.of(), Optional.empty());
        }
    }

    /** What came of it; only {@code SETTLED} has touched the row. */
    public enum Verdict {
        SETTLED,
        /** It stands so already. */
        ALREADY,
        /** A person has decided otherwise before. */
        DECIDED,
        /** It is not what the person has seen, or the clinic has changed the held row again; the conflict shows that now. */
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
        return settle(conflict, Decision.keeps(keep), person);
    }

    public Settlement settle(long conflict, Decision decision, String person) {
        try {
            return clinic.queryForObject(
                    "select * from sync_settle(?, ?, ?, string_to_array(?, chr(31)), ?)",
                    (row, number) -> settlement(row),
                    conflict,
                    decision.keep(),
                    person,
                    String.join(COLUMN_END, decision.clinicColumns()),
                    decision.version().orElse(null));
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
