package com.centrovision.sync.status;

import java.time.Instant;
import java.util.List;

/** The service and its tables at one moment; the command line and its JSON show this one. Null where not known. */
public record StatusSnapshot(
        String mode,
        String reason,
        Instant since,
        Instant lastPass,
        Double clockSkewSeconds,
        long pending,
        long held,
        long quarantine,
        long conflicts,
        Instant takenOverAt,
        String clinicProblem,
        List<Standby> standbys,
        Backlog backlogUp,
        Backlog backlogDown,
        List<Table> tables) {

    /** A service that waits to become the writer. */
    public record Standby(String host, long processId, Instant since) {}

    /** One table; {@code lagSeconds} counts from its last complete pass. */
    public record Table(
            String name,
            boolean active,
            boolean loaded,
            Instant lastSync,
            Long lagSeconds,
            long rowsDown,
            long rowsUp,
            long pending,
            long held,
            long quarantine,
            long conflicts,
            String lastError) {}
}
