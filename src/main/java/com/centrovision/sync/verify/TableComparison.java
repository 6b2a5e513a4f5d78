package com.centrovision.sync.verify;

import com.centrovision.sync.cloud.CloudReason;
import com.centrovision.sync.cloud.CloudUnavailableException;
import com.centrovision.sync.tables.SyncedTable;
import java.io.IOException;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * One comparison of a range of one table: the cloud's pages by id, and between their bounds what only the clinic has.
 * Holds a page and the rows to be looked at again, whatever the table's size. One thread at a time.
 */
final class TableComparison {
    private static final int CLINIC_IDS = 1000;

    private final SyncedTable table;
    private final IdRange range;
    private final ClinicRows clinic;
    private final CloudRows cloud;
    private final Tally tally;
    private final Suspects suspects;
    private final LongConsumer progress;

    TableComparison(
            SyncedTable table,
            IdRange range,
            ClinicRows clinic,
            CloudRows cloud,
            Tally tally,
            Suspects suspects,
            LongConsumer progress) {
        this.table = table;
        this.range = range;
        this.clinic = clinic;
        this.cloud = cloud;
        this.tally = tally;
        this.suspects = suspects;
        this.progress = progress;
    }

    Tally run() throws IOException, InterruptedException {
        var after = range.after();
        var page = cloud.within(table, range, cloud.firstSize(table));
        while (page.rows().rows() > 0) {
            for (var chunk : page.rows().chunks()) {
                after = compareChunk(after, chunk.rows());
            }
            progress.accept(page.rows().rows());
            page = cloud.within(table, new IdRange(after, range.until()), cloud.sizeAfter(table, page));
        }
        compareOthers(after, range.until(), List.of());
        suspects.settle();
        return tally;
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
