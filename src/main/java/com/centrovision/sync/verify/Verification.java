package com.centrovision.sync.verify;

import com.centrovision.sync.cloud.AnswerTooLargeException;
import com.centrovision.sync.cloud.CloudRefusedException;
import com.centrovision.sync.digest.Digests;
import com.centrovision.sync.tables.SyncedTable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Compares tables of both sides row by row, or by digests down to the rows that differ where the cloud can tell them; a
 * running service may go on meanwhile. Takes no lock.
 */
public final class Verification {
    private static final Set<String> NEEDED = Set.of("id", "updated_at");

    private final ClinicRows clinic;
    private final CloudRows cloud;
    private final Digests digests;
    private final Duration pause;
    private final int shown;

    /**
     * @param pause between two looks at a row that differs
     * @param shown how many differences of a table are told one by one
     */
    public Verification(ClinicRows clinic, CloudRows cloud, Digests digests, Duration pause, int shown) {
        this.clinic = clinic;
        this.cloud = cloud;
        this.digests = digests;
        this.pause = pause;
        this.shown = shown;
    }

    /**
     * Compares the tables one after another.
     *
     * @param repairs whether what differs in the cloud or is only there is marked, to be fetched by the next pass
     */
    public List<TableReport> run(
            List<SyncedTable> tables, boolean repairs, VerifyListener listener, Consumer<TableReport> told)
            throws IOException, InterruptedException {
        var columns = cloud.columns();
        var reports = new ArrayList<TableReport>();
        for (var table : tables) {
            var report = compare(table, columns, repairs, listener);
            reports.add(report);
            told.accept(report);
        }
        return List.copyOf(reports);
    }

    private TableReport compare(
            SyncedTable table, Map<String, Set<String>> columns, boolean repairs, VerifyListener listener)
            throws IOException, InterruptedException {
        var name = table.name();
        var unfit = clinic.unfit(name);
        if (unfit.isPresent()) {
            return TableReport.leftOut(name, "clinic: " + unfit.get());
        }
        var theirs = columns.getOrDefault(name, Set.of());
        if (!theirs.containsAll(NEEDED)) {
            return TableReport.leftOut(name, "cloud: " + (theirs.isEmpty() ? "missing" : "without id or updated_at"));
        }
        var tally = new Tally(shown);
        var suspects = new Suspects(table, clinic, cloud, tally, pause, repairs);
        try {
            var differing = cloud.patiently(() -> digests.differing(name, table.filter(), theirs));
            if (differing.isEmpty()) {
                return new TableComparison(table, clinic, cloud, tally, suspects, listener).run();
            }
            tally.addEqual(differing.get().equalRows());
            differing.get().ids().forEach(suspects::add);
            suspects.settle();
            return tally.report(name);
        } catch (CloudRefusedException refusal) {
            return TableReport.leftOut(name, "cloud: refused (" + refusal.code() + ")");
        } catch (AnswerTooLargeException tooLarge) {
            return TableReport.leftOut(name, "cloud: refused (" + AnswerTooLargeException.CODE + ")");
        }
    }
}
