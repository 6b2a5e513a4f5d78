package com.centrovision.sync.verify;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The sums of one table, and the first of its differences, told by id. One thread at a time. */
final class Tally {
    private final int shown;
    private final List<Difference> differences = new ArrayList<>();
    private long equal;
    private long moving;
    private long different;
    private long onlyCloud;
    private long onlyClinic;
    private long repairable;

    Tally(int shown) {
        this.shown = shown;
    }

    void add(ComparedRow row) {
        switch (row.state()) {
            case EQUAL -> equal++;
            case GONE -> {}
            case MOVING -> moving++;
            case DIFFERENT -> different++;
            case CLOUD -> onlyCloud++;
            case CLINIC -> onlyClinic++;
        }
        if (row.differs()) {
            repairable += row.isRepairable() ? 1 : 0;
            if (differences.size() < shown) {
                differences.add(row.difference());
            }
        }
    }

    void addEqual(long rows) {
        equal += rows;
    }

    /** A row that was another one at each look. */
    void addMoving() {
        moving++;
    }

    /** Adds what was found behind these rows. */
    void add(Tally further) {
        equal += further.equal;
        moving += further.moving;
        different += further.different;
        onlyCloud += further.onlyCloud;
        onlyClinic += further.onlyClinic;
        repairable += further.repairable;
        differences.addAll(
                further.differences.subList(0, Math.min(shown - differences.size(), further.differences.size())));
    }

    TableReport report(String table) {
        return new TableReport(
                table,
                equal,
                moving,
                different,
                onlyCloud,
                onlyClinic,
                repairable,
                differences.stream()
                        .sorted(Comparator.comparing(Difference::id))
                        .toList(),
                Optional.empty());
    }
}
