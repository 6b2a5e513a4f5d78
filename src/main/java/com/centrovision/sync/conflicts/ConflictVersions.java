package com.centrovision.sync.conflicts;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;

/**
 * What differs between the versions of a conflict's row. It holds cell values: for the eyes of who asked, for no log.
 *
 * @param version tells whether it is still so when a person decides
 */
public record ConflictVersions(
        @JsonUnwrapped KeptConflict conflict, String version, int equalColumns, List<Column> columns) {

    /** Whether both sides have the row, so that a person may put one together from both. */
    @JsonIgnore
    public boolean canBeMerged() {
        return columns.stream().noneMatch(column -> column.clinic() == null || column.cloud() == null);
    }

    /** One column that differs; each value is JSON, and null where that side has no such row. */
    public record Column(
            String name,
            @JsonRawValue String base,
            @JsonRawValue String clinic,
            @JsonRawValue String cloud,
            @JsonRawValue String result,
            boolean changedByClinic,
            boolean changedByCloud) {}
}
