package com.centrovision.sync.pass;

import com.centrovision.sync.cloud.CloudApi;
import com.centrovision.sync.connection.Connection;
import com.centrovision.sync.tables.DeclaredTables;
import com.centrovision.sync.tables.SyncedTable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;

/** One full pass: every table down, everything pending up, every table down again, counts compared. One at a time. */
public final class FullPass {
    private static final Logger LOG = LoggerFactory.getLogger(FullPass.class);
    private static final Duration STANDSTILL = Duration.ofSeconds(60);
    /** Two checks of the connection: what comes back within them was no outage. */
    private static final Duration HICCUP = Duration.ofSeconds(12);

    private static final Duration LONGEST_WAIT = Duration.ofHours(12);
    private static final long LOOK_MILLIS = 100;

    private final Supplier<CamelContext> camel;
    private final JdbcTemplate clinic;
    private final CloudApi cloud;
    private final Connection connection;
    private final DeclaredTables declared;
    private final int attempts;

    /** @param attempts how often a refused change is tried before the pass goes on without it */
    public FullPass(
            Supplier<CamelContext> camel,
            JdbcTemplate clinic,
            CloudApi cloud,
            Connection connection,
            DeclaredTables declared,
            int attempts) {
        this.camel = camel;
        this.clinic = clinic;
        this.cloud = cloud;
        this.connection = connection;
        this.declared = declared;
        this.attempts = attempts;
    }

    /** Blocks until the pass is over. */
    public synchronized PassResult run() throws InterruptedException {
        clinic.queryForObject("select sync_retry_all()::text", String.class);
        downOnce();
        if (staysOpen()) {
            drainUp();
            downOnce();
        }
        return new PassResult(
                connection.isOpen(),
                clinic.queryForObject("select count(*) from _sync_pending where not synced", Long.class),
                clinic.queryForObject("select sync_held_rows()", Long.class),
                clinic.queryForObject("select count(*) from _sync_quarantine where direction = 'DOWN'", Long.class),
                clinic.queryForList(
                        "select table_name from _sync_metadata where active and last_error is not null order by 1",
                        String.class),
                unequalTables());
    }

    private void downOnce() throws InterruptedException {
        var tables = declared.tables();
        var callers = Executors.newFixedThreadPool(Math.max(1, tables.size()));
        try {
            callers.invokeAll(tables.stream()
                    .<Callable<Void>>map(table -> () -> fire(table))
                    .toList());
        } finally {
            callers.shutdownNow();
        }
    }

    /** Runs the table's route as its timer would; a table that is in a pass already has its turn after it. */
    private Void fire(SyncedTable table) {
        var deadline = Instant.now().plus(LONGEST_WAIT);
        try {
            var consumer = camel.get().getRoute(table.routeId()).getConsumer();
            while (staysOpen() && Instant.now().isBefore(deadline)) {
                var exchange = consumer.createExchange(false);
                consumer.getProcessor().process(exchange);
                if (Boolean.TRUE.equals(exchange.getVariable("turn"))) {
                    break;
                }
                Thread.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (Exception failure) {
            LOG.warn(
                    "pass not run table={} problem={}",
                    table.name(),
                    failure.getClass().getSimpleName());
        }
        return null;
    }

    private boolean staysOpen() throws InterruptedException {
        var deadline = Instant.now().plus(HICCUP);
        while (!connection.isOpen() && Instant.now().isBefore(deadline)) {
            Thread.sleep(LOOK_MILLIS);
        }
        return connection.isOpen();
    }

    /** Waits while the route 'up' sends what is due, as long as that gets less. */
    private void drainUp() throws InterruptedException {
        var best = Long.MAX_VALUE;
        var movedAt = Instant.now();
        while (staysOpen() && movedAt.plus(STANDSTILL).isAfter(Instant.now())) {
            long left = clinic.queryForObject("select sync_sendable(?)", Long.class, attempts);
            if (left == 0) {
                return;
            }
            if (left < best) {
                best = left;
                movedAt = Instant.now();
            }
            Thread.sleep(LOOK_MILLIS);
        }
    }

    private List<String> unequalTables() {
        var active = clinic.queryForList("select table_name from _sync_metadata where active", String.class);
        return declared.tables().stream()
                .filter(table ->
                        active.contains(table.name()) && table.direction().equals("both"))
                .filter(this::isUnequal)
                .map(SyncedTable::name)
                .toList();
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
