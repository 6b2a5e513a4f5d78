package com.centrovision.sync.pass;

import com.centrovision.sync.cloud.CloudApi;
import com.centrovision.sync.connection.Connection;
import com.centrovision.sync.tables.DeclaredTables;
import com.centrovision.sync.tables.SyncedTable;
import com.centrovision.sync.tables.Turns;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;

/** One full pass: every table down, everything pending up, every table down again, counts compared and repaired. One at a time. */
public final class FullPass {
    private static final Logger LOG = LoggerFactory.getLogger(FullPass.class);
    private static final Duration STANDSTILL = Duration.ofSeconds(60);
    private static final int COMPARISONS_AT_ONCE = 4;
    private static final String UP = "up";

    private static final long LOOK_MILLIS = 100;

    /** To look at a backlog takes long: the wait is as many times as long. */
    private static final long LOOK_SHARE = 10;

    private final Supplier<CamelContext> camel;
    private final JdbcTemplate clinic;
    private final CloudApi cloud;
    private final Connection connection;
    private final DeclaredTables declared;
    private final TablePasses passes;
    private final int attempts;

    /** @param attempts how often a refused change is tried before the pass goes on without it */
    public FullPass(
            Supplier<CamelContext> camel,
            JdbcTemplate clinic,
            CloudApi cloud,
            Connection connection,
            DeclaredTables declared,
            TablePasses passes,
            int attempts) {
        this.camel = camel;
        this.clinic = clinic;
        this.cloud = cloud;
        this.connection = connection;
        this.declared = declared;
        this.passes = passes;
        this.attempts = attempts;
    }

    /**
     * Blocks until the pass is over.
     *
     * @param acceptedDeletes tables of which a person has confirmed deletions that were refused
     */
    public synchronized PassResult run(Set<String> acceptedDeletes) throws InterruptedException {
        retryAll();
        var wasSending = camel.get().getInflightRepository().size(UP) > 0;
        passes.lookForFunctions();
        downOnce();
        if (staysOpen()) {
            drainUp();
            if (wasSending) {
                retryAll(); // what was refused then was asked before this pass
                drainUp();
            }
            downOnce();
        }
        if (staysOpen()) {
            reconcile(acceptedDeletes);
        }
        return new PassResult(
                connection.isOpen(),
                clinic.queryForObject("select count(*) from _sync_pending where not synced", Long.class),
                clinic.queryForObject("select sync_held_rows()", Long.class),
                clinic.queryForObject(
                        "select count(*) from _sync_quarantine where direction = 'DOWN' and given_up_at is null",
                        Long.class),
                clinic.queryForList(
                        "select table_name from _sync_metadata where active and last_error is not null order by 1",
                        String.class),
                unequalTables(),
                refused());
    }

    private void retryAll() {
        clinic.queryForObject("select sync_retry_all()::text", String.class);
    }

    private void downOnce() throws InterruptedException {
        passes.feed();
        inParallel(declared.tables(), declared.tables().size(), passes::run);
    }

    /** Counts and compares; what is found missing or different is fetched. */
    private void reconcile(Set<String> accepted) throws InterruptedException {
        reconcile(declared.tables(), accepted);
        var before = Integer.MAX_VALUE;
        for (var left = deletable(); !left.isEmpty() && left.size() < before && staysOpen(); left = deletable()) {
            before = left.size();
            passes.feed();
            var names = Set.copyOf(left);
            reconcile(
                    declared.tables().stream()
                            .filter(table -> names.contains(table.name()))
                            .toList(),
                    accepted);
        }
    }

    private void reconcile(List<SyncedTable> tables, Set<String> accepted) throws InterruptedException {
        inParallel(tables, COMPARISONS_AT_ONCE, table -> {
            compare(table, accepted.contains(table.name()));
            fetchMarked(table);
        });
    }

    /** The table of each row that the cloud lacks and that stayed because of others, which may have gone since. */
    private List<String> deletable() {
        return clinic.queryForList("select sync_deletable()", String.class);
    }

    private void compare(SyncedTable table, boolean accepted) throws InterruptedException {
        var startedAt = System.nanoTime();
        try (var producer = camel.get().createProducerTemplate()) {
            while (staysOpen() && System.nanoTime() - startedAt < STANDSTILL.toNanos()) {
                var exchange = producer.send("direct:reconcile-table", compared -> {
                    compared.setVariable("table", table.name());
                    compared.setVariable("thorough", true);
                    compared.setVariable("accepted", accepted);
                });
                if (Turns.has(exchange)) {
                    return;
                }
                Thread.sleep(LOOK_MILLIS);
            }
        } catch (IOException unclosed) {
            LOG.debug("producer not closed table={}", table.name());
        }
    }

    /** A pass fetches some thousands of marked rows; what an application holds stays marked. */
    private void fetchMarked(SyncedTable table) throws InterruptedException {
        var before = Long.MAX_VALUE;
        for (var left = marks(table); left > 0 && left < before && staysOpen(); left = marks(table)) {
            before = left;
            passes.run(table);
        }
    }

    private long marks(SyncedTable table) {
        return clinic.queryForObject(
                "select count(*) from _sync_revisit where table_name = ?", Long.class, table.name());
    }

    private interface TableWork {
        void run(SyncedTable table) throws InterruptedException;
    }

    private static void inParallel(List<SyncedTable> tables, int callersAtOnce, TableWork work)
            throws InterruptedException {
        var callers = Executors.newFixedThreadPool(Math.max(1, callersAtOnce));
        try {
            callers.invokeAll(tables.stream()
                    .<Callable<Void>>map(table -> () -> {
                        work.run(table);
                        return null;
                    })
                    .toList());
        } finally {
            callers.shutdownNow();
        }
    }

    private boolean staysOpen() throws InterruptedException {
        return connection.awaitOpen(TablePasses.HICCUP);
    }

    /** Waits while the route 'up' sends what is due, as long as that gets less. */
    private void drainUp() throws InterruptedException {
        var best = Long.MAX_VALUE;
        var movedAt = System.nanoTime();
        while (staysOpen() && System.nanoTime() - movedAt < STANDSTILL.toNanos()) {
            var lookedAt = System.nanoTime();
            long left = clinic.queryForObject("select sync_sendable(?)", Long.class, attempts);
            if (left == 0) {
                return;
            }
            if (left < best) {
                best = left;
                movedAt = System.nanoTime();
            }
            var lookTook = Duration.ofNanos(System.nanoTime() - lookedAt).toMillis();
            Thread.sleep(Math.max(LOOK_MILLIS, LOOK_SHARE * lookTook));
        }
    }

    private List<String> unequalTables() {
        var active = clinic.queryForList("select table_name from _sync_metadata where active", String.class);
        return declared.tables().stream()
                .filter(table ->
                        active.contains(table.name()) && !table.direction().equals("up"))
                .filter(this::isUnequal)
                .map(SyncedTable::name)
                .toList();
    }

    private Map<String, Long> refused() {
        var refused = new TreeMap<String, Long>();
        clinic.query("select table_name, guard_rows from _sync_metadata where active and guard is not null", row -> {
            refused.put(row.getString(1), row.getLong(2));
        });
        return refused;
    }

    private boolean isUnequal(SyncedTable table) {
        try {
            connection.requireOpen();
            long theirs = cloud.count(table.name(), table.filter());
            return theirs != clinic.queryForObject("select sync_count(?)", Long.class, table.name());
        } catch (IOException silent) {
            return true;
        }
    }
}
