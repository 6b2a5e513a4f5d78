package com.centrovision.sync.check;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.problem.Problem;
import org.junit.jupiter.api.Test;

class FirstContactTest {
    @Test
    void refusesAPostgresThatIsTooOld() {
        var problem = assertThrows(Problem.class, () -> FirstContact.requireRecent(130021, "servidor"));

        assertTrue(
                problem.getMessage().startsWith("CV-CLINIC-17 PostgreSQL on servidor is version 13; 14 "),
                problem.getMessage());
        assertDoesNotThrow(() -> FirstContact.requireRecent(140000, "servidor"));
    }
}
