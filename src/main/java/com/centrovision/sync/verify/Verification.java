package com.centrovision.sync.verify;

import com.centrovision.sync.cloud.AnswerTooLargeException;
import com.centrovision.sync.cloud.CloudRefusedException;
import com.centrovision.sync.digest.Differing;
import com.centrovision.sync.digest.Digests;
import com.centrovision.sync.tables.SyncedTable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Compares tables of both sides row by row, or by digests down to the rows that differ where the cloud can tell them; a
 * running service may go on meanwhile. Takes no lock.
 */
public final class Verification {
    /** As many ranges of a table, each with a connection to either side. */
    public static final int AT_ONCE = 4;

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
        try {
            var differing = cloud.patiently(() -> digests.differing(name, table.filter(), theirs));
            var tally = differing.isEmpty()
                    ? compareRows(table, repairs, listener)
                    : judge(table, differing.get(), repairs);
            return tally.report(name);
        } catch (CloudRefusedException refusal) {
            return TableReport.leftOut(name, "cloud: refused (" + refusal.code() + ")");
        } catch (AnswerTooLargeException tooLarge) {
            return TableReport.leftOut(name, "cloud: refused (" + AnswerTooLargeException.CODE + ")");
        }
    }

    private Tally judge(SyncedTable table, Differing differing, boolean repairs)
            throws IOException, InterruptedException {
        var tally = new Tally(shown);
        var suspects = new Suspects(table, clinic, cloud, tally, pause, repairs);
        tally.addEqual(differing.equalRows());
        differing.ids().forEach(suspects::add);
        suspects.settle();
        return tally;
    }

    /** Some ranges of ids at once, so that the line is never idle. */
    private Tally compareRows(SyncedTable table, boolean repairs, VerifyListener listener)
            throws IOException, InterruptedException {
        var startedAt = Instant.now();
        var rows = new AtomicLong();
        var threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            var parts = new ArrayList<Future<Tally>>();
            for (var range : IdRange.parts(AT_ONCE)) {
                var tally = new Tally(shown);
                var suspects = new Suspects(table, clinic, cloud, tally, pause, repairs);
                parts.add(threads.submit(new TableComparison(table, range, clinic, cloud, tally, suspects, more -> {
                    synchronized (listener) {
                        listener.progress(table.name(), rows.addAndGet(more), startedAt);
                    }
                })::run));
            }
            var sum = new Tally(shown);
            for (var part : parts) {
                sum.add(Awaited.of(part));
            }
            return sum;
        } finally {
            threads.shutdownNow();
        }
    }
}
