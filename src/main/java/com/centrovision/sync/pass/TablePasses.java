package com.centrovision.sync.pass;

import com.centrovision.sync.cloud.CloudFunctions;
import com.centrovision.sync.connection.Connection;
import com.centrovision.sync.tables.DeclaredTables;
import com.centrovision.sync.tables.SyncedTable;
import com.centrovision.sync.tables.Turns;
import java.io.IOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Variable;
import org.apache.camel.support.AsyncProcessorConverterHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the down route of a table, or the feed's, as its timer would, and waits for its end. Threads share it. */
public final class TablePasses {
    private static final Logger LOG = LoggerFactory.getLogger(TablePasses.class);
    /** Two checks of the connection: what comes back within them was no outage. */
    static final Duration HICCUP = Duration.ofSeconds(12);

    private static final Duration LONGEST_WAIT = Duration.ofHours(12);
    private static final String FEED = "feed";
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

    /** Brings what the feed tells, then starts a pass of every table at once and waits for none: the lanes take them in turn. */
    public void startAll() {
        start(FEED);
        declared.tables().forEach(this::start);
    }

    /** Starts a pass of a table, and waits for nothing. */
    public void start(SyncedTable table) {
        start(table.routeId());
    }

    private void start(String routeId) {
        var route = camel.get().getRoute(routeId);
        if (route != null) {
            var consumer = route.getConsumer();
            AsyncProcessorConverterHelper.convert(consumer.getProcessor())
                    .process(consumer.createExchange(false), isDone -> {});
        }
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
        run(FEED, functions::areUsed);
    }

    private void run(String routeId, BooleanSupplier wanted) throws InterruptedException {
        var startedAt = System.nanoTime();
        try {
            var consumer = camel.get().getRoute(routeId).getConsumer();
            while (wanted.getAsBoolean()
                    && connection.awaitOpen(HICCUP)
                    && System.nanoTime() - startedAt < LONGEST_WAIT.toNanos()) {
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
