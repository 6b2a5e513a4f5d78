package com.centrovision.sync.check;

import com.centrovision.sync.cloud.CloudApi;
import com.centrovision.sync.cloud.CloudRefusedException;
import com.centrovision.sync.problem.Text;
import com.centrovision.sync.tables.SyncedTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Exact counts of every table on both sides, with what waits taken into account. A clinic and a cloud at work differ for
 * a moment: what differs is counted again before it is told.
 */
public record RowsCheck(JdbcTemplate clinic, String statement, CloudApi cloud, List<SyncedTable> tables)
        implements Check {
    private static final int LOOKS = 4;
    private static final long BETWEEN_MILLIS = 1500;

    private record Counted(String table, boolean loaded, long rows, long added, long deleted, long refused) {
        long expected() {
            return rows - added + deleted;
        }
    }

    @Override
    public List<Finding> findings() throws IOException {
        var left = tables.stream().collect(Collectors.toMap(SyncedTable::name, SyncedTable::filter));
        var findings = List.<Finding>of();
        for (int look = 0; look < LOOKS && !left.isEmpty(); look++) {
            if (look > 0 && !waited()) {
                break;
            }
            findings = look(left);
        }
        return Check.orFine(findings, Finding.fine(Text.of("check.rows.fine")));
    }

    /** Leaves in the map what differs. */
    private List<Finding> look(Map<String, String> left) throws IOException {
        var findings = new ArrayList<Finding>();
        var differ = new ArrayList<String>();
        for (var counted : count(left)) {
            if (!counted.loaded()) {
                findings.add(Finding.notice(Text.of("check.rows.loading", counted.table())));
                continue;
            }
            difference(counted, left.get(counted.table())).ifPresent(finding -> {
                differ.add(counted.table());
                findings.add(finding);
            });
        }
        left.keySet().retainAll(differ);
        return findings;
    }

    private Optional<Finding> difference(Counted counted, String filter) throws IOException {
        try {
            var theirs = cloud.count(counted.table(), filter);
            var tooMany = theirs - counted.expected();
            return tooMany >= 0 && tooMany <= counted.refused()
                    ? Optional.empty()
                    : Optional.of(Finding.wrong(Text.of(
                            "check.rows.wrong",
                            counted.table(),
                            counted.rows(),
                            theirs,
                            counted.added() + counted.deleted())));
        } catch (CloudRefusedException toldByRights) {
            return Optional.empty();
        }
    }

    private List<Counted> count(Map<String, String> left) {
        return clinic.query(
                statement,
                (row, number) -> new Counted(
                        row.getString("table_name"),
                        row.getBoolean("loaded"),
                        row.getLong("rows"),
                        row.getLong("added"),
                        row.getLong("deleted"),
                        row.getLong("refused")),
                String.join(",", left.keySet()));
    }

    private static boolean waited() {
        try {
            Thread.sleep(BETWEEN_MILLIS);
            return true;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
