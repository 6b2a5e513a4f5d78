package com.centrovision.sync.quarantine;

import com.centrovision.sync.clinic.ClinicFailures;
import com.centrovision.sync.cloud.CloudApi;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * A person gives a refused row up. The cloud's version of a change stands on both sides, the clinic's is kept as a
 * conflict; a row of the cloud is asked for no more until it changes there. Threads share it.
 */
public final class GivingUp {
    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JdbcTemplate clinic;
    private final CloudApi cloud;

    private record Outcome(String verdict, Optional<Long> conflict) {}

    public GivingUp(JdbcTemplate clinic, CloudApi cloud) {
        this.clinic = clinic;
        this.cloud = cloud;
    }

    /** The conflict that keeps the clinic's version; empty for a row of the cloud. */
    public Optional<Long> giveUp(long id, String person) throws IOException {
        var row = new QuarantinedRows(clinic).find(id).orElseThrow(() -> QuarantinedRows.unknown(id));
        var theirs = row.direction().equals("UP") && !row.isGivenUp() ? cloudRow(row) : Optional.<String>empty();
        var outcome = decide(id, theirs, person);
        var name = String.valueOf(id);
        return switch (outcome.verdict()) {
            case "given-up" -> outcome.conflict();
            case "already" -> throw new Problem(ProblemCode.QUARANTINE_GIVEN_UP, name);
            case "only-clinic" -> throw new Problem(ProblemCode.QUARANTINE_ONLY_CLINIC, name, row.tableName());
            case "held" -> throw new Problem(ProblemCode.QUARANTINE_HELD, name);
            case "moved" -> throw new Problem(ProblemCode.QUARANTINE_MOVED, name);
            default -> throw QuarantinedRows.unknown(id);
        };
    }

    private Outcome decide(long id, Optional<String> theirs, String person) {
        try {
            return clinic.queryForObject(
                    "select * from sync_give_up(?, ?::jsonb, ?)",
                    (row, number) -> new Outcome(
                            row.getString("verdict"), Optional.ofNullable(row.getObject("conflict", Long.class))),
                    id,
                    theirs.orElse(null),
                    person);
        } catch (DataAccessException failure) {
            if (ClinicFailures.sql(failure)
                    .filter(refusal -> LOCK_NOT_AVAILABLE.equals(refusal.getSQLState()))
                    .isPresent()) {
                throw new Problem(ProblemCode.QUARANTINE_ROW_BUSY, String.valueOf(id)).causedBy(failure);
            }
            throw failure;
        }
    }

    private Optional<String> cloudRow(RefusedRow row) throws IOException {
        var rows = cloud.rows(row.tableName(), "select=*&id=eq." + row.recordId());
        var first = JSON.readTree(rows).path(0);
        return first.isMissingNode() ? Optional.empty() : Optional.of(only(rows));
    }

    /** As PostgREST wrote it: no number goes through a float. */
    private static String only(byte[] rows) {
        var text = new String(rows, StandardCharsets.UTF_8).strip();
        return text.substring(1, text.length() - 1);
    }
}
