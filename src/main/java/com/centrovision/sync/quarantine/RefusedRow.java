package com.centrovision.sync.quarantine;

import com.centrovision.sync.problem.StoredText;
import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;

/**
 * A row that one side refuses, without a cell value.
 *
 * @param direction {@code UP}: the cloud refuses a change of the clinic; {@code DOWN}: the clinic refuses a row of the cloud
 * @param nextAttemptAt null where it is due, or has its turn with every pass
 * @param givenUpAt null unless a person gave it up
 * @param version tells whether it is still so when a person decides
 */
public record RefusedRow(
        long id,
        String direction,
        String tableName,
        UUID recordId,
        String code,
        String reason,
        int attempts,
        Instant firstAt,
        Instant lastAt,
        Instant nextAttemptAt,
        Instant givenUpAt,
        String givenUpBy,
        String givenUpReason,
        String version) {

    @JsonIgnore
    public boolean isGivenUp() {
        return givenUpAt != null;
    }

    /** With the reason in the reader's language; the code where there is none. */
    public RefusedRow in(Locale language) {
        return new RefusedRow(
                id,
                direction,
                tableName,
                recordId,
                code,
                reason == null ? code : StoredText.in(language, reason),
                attempts,
                firstAt,
                lastAt,
                nextAttemptAt,
                givenUpAt,
                givenUpBy,
                givenUpReason,
                version);
    }
}
