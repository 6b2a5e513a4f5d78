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
        String cloudMode,
        long pending,
        long held,
        long quarantine,
        long conflicts,
        List<Table> tables) {

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
