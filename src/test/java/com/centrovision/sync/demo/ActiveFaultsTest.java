package com.centrovision.sync.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ActiveFaultsTest {
    private final ActiveFaults faults = new ActiveFaults();

    @Test
    void showsAFaultOnlySoManyTimes() {
        faults.add(Fault.status(503).times(2));

        assertTrue(meets("GET", "/rest/v1/patients"));
        assertTrue(meets("GET", "/rest/v1/patients"));
        assertFalse(meets("GET", "/rest/v1/patients"));
    }

    @Test
    void countsOnlyTheRequestsThatMatch() {
        faults.add(Fault.status(503).matching("POST", "^/rest/v1/patients\\b").times(1));

        assertFalse(meets("GET", "/rest/v1/patients"));
        assertFalse(meets("POST", "/rest/v1/branches"));
        assertTrue(meets("POST", "/rest/v1/patients?on_conflict=id"));
        assertFalse(meets("POST", "/rest/v1/patients"));
    }

    @Test
    void sparesSoManyRequestsThatMatchBefore() {
        faults.add(Fault.status(503).matching("GET", "").after(2).times(1));

        assertFalse(meets("GET", "/rest/v1/patients"));
        assertFalse(meets("POST", "/rest/v1/patients"));
        assertFalse(meets("GET", "/rest/v1/patients"));
        assertTrue(meets("GET", "/rest/v1/patients"));
        assertFalse(meets("GET", "/rest/v1/patients"));
    }

    @Test
    void showsSeveralFaultsAtOnce() {
        faults.add(Fault.dateOffset(Duration.ofHours(1)));
        faults.add(Fault.status(429, Duration.ofSeconds(7)).times(1));

        assertEquals(2, faults.take("GET", "/").all().size());
        assertEquals(1, faults.take("GET", "/").all().size());
    }

    @Test
    void showsNothingOnceHealed() {
        faults.add(Fault.captivePortal());
        faults.clear();

        assertFalse(meets("GET", "/"));
    }

    private boolean meets(String method, String path) {
        return !faults.take(method, path).all().isEmpty();
    }
}
