package com.centrovision.sync.pass;

import com.centrovision.sync.cloud.CloudFunctions;
import com.centrovision.sync.connection.Connection;
import com.centrovision.sync.tables.DeclaredTables;
import com.centrovision.sync.tables.SyncedTable;
import com.centrovision.sync.tables.Turns;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the down route of a table, or the feed's, as its timer would, and waits for its end. Threads share it. */
public final class TablePasses {
    private static final Logger LOG = LoggerFactory.getLogger(TablePasses.class);
    /** Two checks of the connection: what comes back within them was no outage. */
    static final Duration HICCUP = Duration.ofSeconds(12);

    private static final Duration LONGEST_WAIT = Duration.ofHours(12);
    private static final long LOOK_MILLIS = 100;

    private final Supplier<CamelContext> camel;
    private final Connection connection;
    private final CloudFunctions functions;
    private final DeclaredTables declared;

    public TablePasses(
            Supplier<CamelContext> camel, Connection connection, CloudFunctions functions, DeclaredTables declared) {
        this.camel = camel;
        this.connection = connection;
        this.functions = functions;
        this.declared = declared;
    }

    /** Called by the route {@code reconcile-table}. */
    public void run(@Variable("table") String name) throws InterruptedException {
        feed();
        for (var table : declared.tables()) {
            if (table.name().equals(name)) {
                run(table);
            }
        }
    }

    /** A table that is in a pass already has its turn after it. */
    void run(SyncedTable table) throws InterruptedException {
        run(table.routeId(), () -> true);
    }

    /** A full pass sees the cloud as it is now. */
    void lookForFunctions() {
        try {
            functions.refresh();
        } catch (IOException silent) {
            LOG.debug("cloud functions not asked for");
        }
    }

    /** Brings what the cloud's feed tells, where it has one. */
    void feed() throws InterruptedException {
        try {
            functions.refreshIfUnknown();
        } catch (IOException silent) {
            return;
        }
        run("feed", functions::areUsed);
    }

    private void run(String routeId, BooleanSupplier wanted) throws InterruptedException {
        var deadline = Instant.now().plus(LONGEST_WAIT);
        try {
            var consumer = camel.get().getRoute(routeId).getConsumer();
            while (wanted.getAsBoolean()
                    && connection.awaitOpen(HICCUP)
                    && Instant.now().isBefore(deadline)) {
                var exchange = consumer.createExchange(false);
                consumer.getProcessor().process(exchange);
                if (Turns.has(exchange)) {
                    return;
                }
                Thread.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException stopped) {
            throw stopped;
        } catch (Exception failure) {
            LOG.warn(
                    "pass not run route={} problem={}",
                    routeId,
                    failure.getClass().getSimpleName());
        }
    }
}
