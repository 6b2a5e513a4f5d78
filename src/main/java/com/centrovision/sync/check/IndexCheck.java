package com.centrovision.sync.check;

import com.centrovision.sync.cloud.CloudApi;
import com.centrovision.sync.cloud.CloudProbe;
import com.centrovision.sync.cloud.CloudRefusedException;
import com.centrovision.sync.problem.Text;
import com.centrovision.sync.tables.SyncedTable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Whether a large table of the cloud has the index that a pass reads by. PostgREST shows no index, so it is measured: the
 * first row by the stamp against the first row by the key, in turns, so that a busy line slows both.
 */
public record IndexCheck(CloudProbe probe, CloudApi cloud, List<SyncedTable> tables) implements Check {
    private static final long SMALL_ROWS = 5_000;
    private static final int FIRST_ROUNDS = 3;
    private static final int MORE_ROUNDS = 5;
    private static final Duration NOISE = Duration.ofMillis(3);

    @Override
    public List<Finding> findings() throws IOException {
        var findings = new ArrayList<Finding>();
        for (var table : tables) {
            try {
                missing(table.name()).ifPresent(findings::add);
            } catch (CloudRefusedException toldByRights) {
                continue;
            }
        }
        return Check.orFine(findings, Finding.fine(Text.of("check.index.fine")));
    }

    private Optional<Finding> missing(String table) throws IOException {
        var rows = cloud.count(table, "");
        var byStamp = new ArrayList<Duration>();
        var byKey = new ArrayList<Duration>();
        if (rows <= SMALL_ROWS) {
            return Optional.empty();
        }
        measure(table, FIRST_ROUNDS, byStamp, byKey);
        if (!isSlower(byStamp, byKey)) {
            return Optional.empty();
        }
        measure(table, MORE_ROUNDS, byStamp, byKey);
        return isSlower(byStamp, byKey)
                ? Optional.of(missing(table, rows, median(byStamp), median(byKey)))
                : Optional.empty();
    }

    private void measure(String table, int rounds, List<Duration> byStamp, List<Duration> byKey) throws IOException {
        for (int round = 0; round < rounds; round++) {
            byKey.add(probe.firstRow(table, "id.asc"));
            byStamp.add(probe.firstRow(table, "updated_at.asc,id.asc"));
        }
    }

    private static Finding missing(String table, long rows, Duration byStamp, Duration byKey) {
        return Finding.wrong(
                Text.of("check.index.wrong", table, rows, byStamp.toMillis(), byKey.toMillis()),
                "create index concurrently if not exists %1$s_updated_at_id_idx on public.%1$s (updated_at, id);"
                        .formatted(table));
    }

    /** The quickest of each is the least disturbed. */
    private static boolean isSlower(List<Duration> byStamp, List<Duration> byKey) {
        return Collections.min(byStamp)
                        .compareTo(Collections.min(byKey).multipliedBy(2).plus(NOISE))
                > 0;
    }

    private static Duration median(List<Duration> durations) {
        return durations.stream().sorted().toList().get(durations.size() / 2);
    }
}
