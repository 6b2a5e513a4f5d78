package com.centrovision.sync.tables;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/** A table as its route file declares it. */
public record SyncedTable(
        String name,
        String routeId,
        String conflicts,
        String direction,
        String filter,
        List<String> derivedColumns,
        OptionalInt intervalSeconds,
        Path file) {}
