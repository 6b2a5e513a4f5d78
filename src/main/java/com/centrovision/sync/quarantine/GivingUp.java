package com.centrovision.sync.quarantine;

import com.centrovision.sync.clinic.ClinicFailures;
import com.centrovision.sync.clinic.MirroredCloud;
import com.centrovision.sync.cloud.CloudApi;
import com.centrovision.sync.config.Config;
import com.centrovision.sync.connection.Failures;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * A person gives a refused row up. The cloud's version of a change stands on both sides, the clinic's is kept as a
 * conflict; a row of the cloud is asked for no more until it changes there. Threads share it.
 */
public final class GivingUp {
    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final Pattern OF_THE_ROW = Pattern.compile("(22|23|P0).*");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JdbcTemplate clinic;
    private final CloudApi cloud;
    private final MirroredCloud mirrored;
    private final Failures failures;

    /**
     * What a person decides, and why.
     *
     * @param address from where; empty where it is from where the session with the clinic's database comes
     * @param version what the person has seen; empty where it is what there is now
     */
    public record Decision(String person, Optional<String> address, String why, Optional<String> version) {}

    /** @param conflict keeps the clinic's version; empty for a row of the cloud */
    public record GivenUp(String table, Optional<Long> conflict) {}

    private record Outcome(String verdict, Optional<Long> conflict) {}

    public GivingUp(JdbcTemplate clinic, CloudApi cloud, Config config) {
        this.clinic = clinic;
        this.cloud = cloud;
        this.mirrored = new MirroredCloud(clinic, config.supabase().url());
        this.failures = new Failures(config.supabase().url(), new ClinicFailures(config.localPostgres())::problem);
    }

    public GivenUp giveUp(long id, Decision decision) {
        var row = new QuarantinedRows(clinic).find(id).orElseThrow(() -> QuarantinedRows.unknown(id));
        var theirs = row.direction().equals("UP") ? cloudRow(row) : Optional.<String>empty();
        var outcome = decide(row, theirs, decision);
        var name = String.valueOf(id);
        return switch (outcome.verdict()) {
            case "given-up" -> new GivenUp(row.tableName(), outcome.conflict());
            case "already" -> throw new Problem(ProblemCode.QUARANTINE_GIVEN_UP, name);
            case "only-clinic" -> throw new Problem(ProblemCode.QUARANTINE_ONLY_CLINIC, name, row.tableName());
            case "held" -> throw new Problem(ProblemCode.QUARANTINE_HELD, name);
            case "moved" -> throw new Problem(ProblemCode.QUARANTINE_MOVED, name);
            default -> throw QuarantinedRows.unknown(id);
        };
    }

    private Outcome decide(RefusedRow row, Optional<String> theirs, Decision decision) {
        try {
            return clinic.queryForObject(
                    "select * from sync_give_up(?, ?, ?::jsonb, ?, ?, ?)",
                    (outcome, number) -> new Outcome(
                            outcome.getString("verdict"),
                            Optional.ofNullable(outcome.getObject("conflict", Long.class))),
                    row.id(),
                    decision.version().orElse(row.version()),
                    theirs.orElse(null),
                    decision.person(),
                    decision.address().orElse(null),
                    decision.why());
        } catch (DataAccessException failure) {
            throw problem(row, failure);
        }
    }

    private static RuntimeException problem(RefusedRow row, DataAccessException failure) {
        var name = String.valueOf(row.id());
        var state = ClinicFailures.sql(failure).map(SQLException::getSQLState).orElse("");
        if (state.equals(LOCK_NOT_AVAILABLE)) {
            return new Problem(ProblemCode.QUARANTINE_ROW_BUSY, name).causedBy(failure);
        }
        if (OF_THE_ROW.matcher(state).matches()) {
            return new Problem(ProblemCode.QUARANTINE_CLOUD_ROW_REFUSED, name, state).causedBy(failure);
        }
        return failure;
    }

    private Optional<String> cloudRow(RefusedRow row) {
        mirrored.requireConfigured();
        try {
            var rows = cloud.rows(row.tableName(), "select=*&id=eq." + row.recordId());
            var first = JSON.readTree(rows).path(0);
            return first.isMissingNode() ? Optional.empty() : Optional.of(only(rows));
        } catch (IOException silent) {
            throw failures.problem(silent, row.tableName());
        }
    }

    /** As PostgREST wrote it: no number goes through a float. */
    private static String only(byte[] rows) {
        var text = new String(rows, StandardCharsets.UTF_8).strip();
        return text.substring(1, text.length() - 1);
    }
}
