package com.centrovision.sync.up;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the way up for a moment where the same changes are taken again and again: after a failure that not even the
 * failure rules could note, they would be sent without a break. Threads share it.
 */
public final class UpPause {
    private static final Logger LOG = LoggerFactory.getLogger(UpPause.class);
    private static final int TIMES = 5;

    private final LongSupplier nanos;
    private final Duration window;
    private final Map<String, Integer> taken = new HashMap<>();
    private long windowEnd;
    private boolean holds;

    /** @param nanos a clock that nobody sets */
    public UpPause(LongSupplier nanos, Duration window) {
        this.nanos = nanos;
        this.window = window;
        this.windowEnd = nanos.getAsLong();
    }

    /** Called by the route {@code up} for each chunk that it takes. */
    public synchronized void taken(@Variable("table") String table, @Variable("ids") String rows) {
        startWindow();
        if (taken.merge(table + ' ' + rows, 1, Integer::sum) > TIMES && !holds) {
            holds = true;
            LOG.warn("changes taken again and again table={} rows={}", table, rows.split(",").length);
        }
    }

    synchronized boolean holds() {
        startWindow();
        return holds;
    }

    private void startWindow() {
        var now = nanos.getAsLong();
        if (now - windowEnd > 0) {
            windowEnd = now + window.toNanos();
            taken.clear();
            holds = false;
        }
    }
}
