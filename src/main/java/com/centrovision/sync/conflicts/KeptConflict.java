package com.centrovision.sync.conflicts;

import java.time.Instant;
import java.util.UUID;

/**
 * A conflict as it stands in {@code _conflicts}, without the versions of its row. Null where not known yet.
 *
 * @param winner {@code local}, {@code remote} or {@code merged}; null while it waits for a person
 * @param skewMs how far the cloud's clock was ahead
 * @param resolution what stands since {@code resolvedAt}: the winner, or what a person decided afterwards
 */
public record KeptConflict(
        long id,
        String tableName,
        UUID recordId,
        String kind,
        String strategy,
        String winner,
        Instant createdAt,
        Instant localStamp,
        Instant remoteStamp,
        Long skewMs,
        Instant resolvedAt,
        String resolvedBy,
        String resolution) {}
