package com.centrovision.sync.verify;

import java.util.List;
import java.util.Optional;

/**
 * How one table compares.
 *
 * @param onTheirWay rows that differ because a change of them is under way
 * @param repairable of the rows that differ, those that can be fetched from the cloud
 * @param differences the first of the rows that differ
 * @param leftOut why the table was not compared
 */
public record TableReport(
        String table,
        long equal,
        long onTheirWay,
        long different,
        long onlyCloud,
        long onlyClinic,
        long repairable,
        List<Difference> differences,
        Optional<String> leftOut) {

    static TableReport leftOut(String table, String reason) {
        return new TableReport(table, 0, 0, 0, 0, 0, 0, List.of(), Optional.of(reason));
    }

    public long compared() {
        return equal + onTheirWay + differing();
    }

    public long differing() {
        return different + onlyCloud + onlyClinic;
    }

    public boolean isEqual() {
        return differing() == 0 && leftOut.isEmpty();
    }
}
