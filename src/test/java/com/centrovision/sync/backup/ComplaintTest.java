package com.centrovision.sync.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComplaintTest {
    /** Of every version of the server: up to 15 and from 16 on a missing membership has other words. */
    @ParameterizedTest
    @CsvSource({
        "RIGHT, 'pg_restore: error: could not execute query: ERROR:  must be member of role \"centrovision_app\"'",
        "RIGHT, 'pg_restore: error: could not execute query: ERROR:  must be able to SET ROLE \"centrovision_app\"'",
        "ROLE, 'pg_restore: error: could not execute query: ERROR:  role \"centrovision_app\" does not exist'",
        "OTHER, 'something that nobody has seen'",
    })
    void knowsWhatIsMissingByTheWordsOfEveryVersion(Complaint expected, String words) {
        assertEquals(expected, Complaint.in(words));
    }
}
