package com.centrovision.sync.quarantine;

import com.fasterxml.jackson.annotation.JsonRawValue;
import java.util.List;
import java.util.UUID;

/** The content of a refused row, for the person who asked for it and nobody else. */
public record RefusedContent(long id, String tableName, UUID recordId, List<Cell> columns) {

    /** @param value JSON */
    public record Cell(String name, @JsonRawValue String value) {}
}
