package com.centrovision.sync.verify;

import com.centrovision.sync.tables.SyncedTable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Rows of one table that looked different once. They are read again from both sides: only what differs at every look,
 * and stood still between the last two, is a difference; the rest was moving. One thread at a time.
 */
final class Suspects {
    private static final int MANY = 10_000;
    private static final int AT_ONCE = 100;
    private static final int LOOKS = 3;
    private static final String NOT_LOOKED_AT = "";

    private final SyncedTable table;
    private final ClinicRows clinic;
    private final CloudRows cloud;
    private final Tally tally;
    private final Duration pause;
    private final boolean repairs;
    private Map<String, String> traces = new TreeMap<>();

    /** @param repairs whether what differs is marked for the next pass */
    Suspects(SyncedTable table, ClinicRows clinic, CloudRows cloud, Tally tally, Duration pause, boolean repairs) {
        this.table = table;
        this.clinic = clinic;
        this.cloud = cloud;
        this.tally = tally;
        this.pause = pause;
        this.repairs = repairs;
    }

    void add(ComparedRow row) {
        traces.put(row.id(), row.trace());
    }

    /** A row that differs from afar; the first look at it needs no pause. */
    void add(String id) {
        traces.put(id, NOT_LOOKED_AT);
    }

    /** Keeps them few, whatever the table's size. */
    void settleIfMany() throws IOException, InterruptedException {
        if (traces.size() >= MANY) {
            settle();
        }
    }

    void settle() throws IOException, InterruptedException {
        for (int look = 1; look <= LOOKS && !traces.isEmpty(); look++) {
            if (!traces.containsValue(NOT_LOOKED_AT)) {
                Thread.sleep(pause.toMillis());
            }
            var before = traces;
            traces = new TreeMap<>();
            var ids = List.copyOf(before.keySet());
            for (int from = 0; from < ids.size(); from += AT_ONCE) {
                lookAgain(ids.subList(from, Math.min(ids.size(), from + AT_ONCE)), before, look == LOOKS);
            }
        }
    }

    /** An answer may be cut short: what stands before its last row is missing, what stands behind it is asked for again. */
    private void lookAgain(List<String> ids, Map<String, String> before, boolean isLast)
            throws IOException, InterruptedException {
        var left = ids;
        while (!left.isEmpty()) {
            var page = cloud.among(table, left);
            if (page.rows() == 0) {
                judge(clinic.compareMissing(table.name(), left), "[]", before, isLast);
                return;
            }
            for (var chunk : page.chunks()) {
                var found = clinic.compare(table.name(), chunk.rows());
                var there = found.stream().map(ComparedRow::id).toList();
                var last = there.get(there.size() - 1);
                judge(found, chunk.rows(), before, isLast);
                var missing = left.stream()
                        .filter(id -> id.compareTo(last) < 0 && !there.contains(id))
                        .toList();
                judge(clinic.compareMissing(table.name(), missing), "[]", before, isLast);
                left = left.stream().filter(id -> id.compareTo(last) > 0).toList();
            }
        }
    }

    private void judge(List<ComparedRow> found, String rows, Map<String, String> before, boolean isLast) {
        var marked = new ArrayList<String>();
        for (var row : found) {
            if (!row.differs()) {
                tally.add(row);
            } else if (!isLast) {
                add(row);
            } else if (!row.trace().equals(before.get(row.id()))) {
                tally.addMoving();
            } else {
                tally.add(row);
                if (repairs && row.isRepairable()) {
                    marked.add(row.id());
                }
            }
        }
        if (!marked.isEmpty()) {
            clinic.mark(table.name(), marked, rows);
        }
    }
}
