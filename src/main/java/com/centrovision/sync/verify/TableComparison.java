package com.centrovision.sync.verify;

import com.centrovision.sync.cloud.CloudReason;
import com.centrovision.sync.cloud.CloudUnavailableException;
import com.centrovision.sync.tables.SyncedTable;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/**
 * One comparison of one table: the cloud's pages by id, and between their bounds what only the clinic has. Holds a page
 * and the rows to be looked at again, whatever the table's size. One thread at a time.
 */
final class TableComparison {
    private static final int CLINIC_IDS = 1000;

    private final SyncedTable table;
    private final ClinicRows clinic;
    private final CloudRows cloud;
    private final Tally tally;
    private final Suspects suspects;
    private final VerifyListener listener;

    TableComparison(
            SyncedTable table,
            ClinicRows clinic,
            CloudRows cloud,
            Tally tally,
            Suspects suspects,
            VerifyListener listener) {
        this.table = table;
        this.clinic = clinic;
        this.cloud = cloud;
        this.tally = tally;
        this.suspects = suspects;
        this.listener = listener;
    }

    TableReport run() throws IOException, InterruptedException {
        var startedAt = Instant.now();
        var after = "";
        long rows = 0;
        int size = cloud.firstSize(table);
        for (var page = cloud.behind(table, after, size); page.rows() > 0; page = cloud.behind(table, after, size)) {
            for (var chunk : page.chunks()) {
                after = compareChunk(after, chunk.rows());
            }
            rows += page.rows();
            size = cloud.sizeAfter(table, page);
            listener.progress(table.name(), rows, startedAt);
        }
        compareOthers(after, "", List.of());
        suspects.settle();
        return tally.report(table.name());
    }

    private String compareChunk(String after, String chunk) throws IOException, InterruptedException {
        var found = clinic.compare(table.name(), chunk);
        var last = found.get(found.size() - 1).id();
        if (last.compareTo(after) <= 0) {
            throw new CloudUnavailableException(CloudReason.DEGRADED, "the cloud's pages do not go on", null);
        }
        take(found);
        compareOthers(after, last, found.stream().map(ComparedRow::id).toList());
        return last;
    }

    /** What the clinic has behind an id, up to another, and the cloud has not. */
    private void compareOthers(String after, String until, List<String> among)
            throws IOException, InterruptedException {
        var from = after;
        List<String> ids;
        do {
            ids = clinic.others(table.name(), from, until, among, CLINIC_IDS);
            take(clinic.compareMissing(table.name(), ids));
            from = ids.isEmpty() ? from : ids.get(ids.size() - 1);
        } while (ids.size() == CLINIC_IDS);
    }

    private void take(List<ComparedRow> found) throws IOException, InterruptedException {
        for (var row : found) {
            if (row.differs()) {
                suspects.add(row);
            } else {
                tally.add(row);
            }
        }
        suspects.settleIfMany();
    }
}
