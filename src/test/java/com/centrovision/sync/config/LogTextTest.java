package com.centrovision.sync.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

class LogTextTest {
    @Test
    void namesTheExceptionAndItsCauses() {
        var exception = new IllegalStateException("page 3", new ConnectException("Connection refused"));

        assertEquals("IllegalStateException: page 3; ConnectException: Connection refused", LogText.of(exception));
    }

    @Test
    void leavesOutWhatADatabaseAddsToItsFirstLine() {
        var two = new SQLException("ERROR: duplicate key in \"patients_key\"\n  Detail: Key (id)=(Ana)", "23505");
        var one = new SQLException("ERROR: duplicate key in \"patients_key\" Detalle: (id)=(Ana)", "23505");

        assertEquals("SQLException 23505: ERROR: duplicate key in \"patients_key\"", LogText.of(two));
        assertEquals(LogText.of(two), LogText.of(one));
    }

    @Test
    void keepsSilentAboutWordsThatMayQuoteACell() throws IOException {
        var data = new SQLException("ERROR: invalid input syntax for type integer: \"Ana\"", "22P02");
        var trigger = new SQLException("ERROR: Ana has no appointment", "P0001");
        var ownState = new SQLException("ERROR: Ana has no appointment", "CV001");
        var borrowedState = new PSQLException(
                new ServerErrorMessage("SERROR\0C23514\0MAna has no appointment\0Rexec_stmt_raise\0"));
        var json = assertThrows(JsonProcessingException.class, () -> new ObjectMapper().readTree("Ana"));

        assertEquals("SQLException 22P02", LogText.of(data));
        assertEquals("SQLException P0001", LogText.of(trigger));
        assertEquals("SQLException CV001", LogText.of(ownState));
        assertEquals("PSQLException 23514", LogText.of(borrowedState));
        assertEquals("JsonParseException", LogText.of(json));
    }

    @Test
    void keepsSilentAboutWhateverWrapsADatabasesWords() {
        var database = new SQLException("ERROR: deadlock detected", "40P01");
        var batch = new BatchUpdateException("insert into patients values ('Ana')", "40P01", 0, new int[0], database);

        assertEquals(
                "RuntimeException; BatchUpdateException 40P01; SQLException 40P01: ERROR: deadlock detected",
                LogText.of(new RuntimeException("insert into patients values ('Ana')", batch)));
    }

    @Test
    void saysTheSameWordsOnce() {
        assertEquals(
                "RuntimeException; IOException: closed", LogText.of(new RuntimeException(new IOException("closed"))));
    }

    @Test
    void tracesWithoutQuotingEither() {
        var trace = LogText.trace(new SQLException("ERROR: bad \"Ana\"", "22P02"));

        assertTrue(trace.startsWith("SQLException 22P02\n    at "), trace);
        assertFalse(trace.contains("Ana"), trace);
    }

    @Test
    void endsEvenWhenCausesGoInACircle() {
        var one = new RuntimeException("one");
        one.initCause(new RuntimeException("two", one));

        assertTrue(LogText.of(one).startsWith("RuntimeException: one; RuntimeException: two"));
    }
}
