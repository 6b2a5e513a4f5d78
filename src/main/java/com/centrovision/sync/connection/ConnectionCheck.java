package com.centrovision.sync.connection;

import com.centrovision.sync.cloud.CloudApi;
import com.centrovision.sync.cloud.CloudHttp;
import com.centrovision.sync.cloud.CloudReason;
import com.centrovision.sync.cloud.line.Patience;
import com.centrovision.sync.tables.CloudTables;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Asks the cloud whether it is there: every tick while it is not, at once when the line is lost, else when it was silent
 * for half a minute. What goes with a lost line and with one that is back is done here. Threads share it.
 */
public final class ConnectionCheck implements AutoCloseable {
    private static final Duration SILENCE = Duration.ofSeconds(30);

    /** A line that was lost again so soon is not asked before the next tick: no storm. */
    private static final Duration STEADY = Duration.ofSeconds(5);

    /** After less than this nobody was kept waiting. */
    private static final Duration HICCUP = Duration.ofSeconds(2);

    private final Connection connection;
    private final CloudHttp http;
    private final CloudApi cloud;
    private final CloudTables tables;
    private final Runnable resumed;
    private final ReentrantLock asking = new ReentrantLock();
    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> new Thread(task, "cloud-check"),
            new ThreadPoolExecutor.DiscardPolicy());
    private long lostAt = System.nanoTime() - HICCUP.toNanos();
    private long regainedAt = lostAt - STEADY.toNanos();

    /** @param resumed starts what would otherwise wait for its next turn */
    public ConnectionCheck(
            Connection connection, CloudHttp http, CloudApi cloud, CloudTables tables, Runnable resumed) {
        this.connection = connection;
        this.http = http;
        this.cloud = cloud;
        this.tables = tables;
        this.resumed = resumed;
        connection.tell(this::changed);
    }

    private synchronized void changed(CloudReason before, CloudReason now) {
        if (before.isOpen() && !now.isOpen()) {
            lostAt = System.nanoTime();
            var wasSteady = lostAt - regainedAt >= STEADY.toNanos();
            thread.execute(() -> lost(wasSteady));
        } else if (now.isOpen() && !before.isOpen()) {
            regainedAt = System.nanoTime();
            var askedBefore = lostAt;
            thread.execute(() -> regained(askedBefore));
        }
    }

    private void lost(boolean wasSteady) {
        http.closeUnused();
        if (wasSteady) {
            tick();
        }
    }

    private void regained(long askedBefore) {
        http.hangUpOnSilent(askedBefore);
        try {
            learn();
        } catch (RuntimeException untold) {
            // The next tick meets it too, and tells.
        }
        if (System.nanoTime() - askedBefore >= HICCUP.toNanos()) {
            resumed.run();
        }
    }

    /** Without the cloud's tables nothing is synced, whichever call found the line open. */
    private void learn() {
        try {
            if (connection.isClinicReachable()) {
                tables.refreshIfUnknown();
            }
        } catch (IOException silent) {
            // The connection has heard of it.
        }
    }

    /** Called by the route {@code cloud-health}. A silent cloud is no failure of the check: the guard reports it. */
    public void tick() {
        var isOpen = connection.isOpen();
        http.closeIdle();
        if (isOpen && !connection.isSilentFor(SILENCE)) {
            learn();
            return;
        } else if (!asking.tryLock()) {
            return;
        }
        try {
            cloud.check(tables.any(), isOpen ? Patience.USUAL : Patience.SHORT);
            learn();
        } catch (IOException silent) {
            // The connection has heard of it.
        } finally {
            asking.unlock();
        }
    }

    /** Called by the route {@code cloud-tables}. */
    public void refreshTables() {
        try {
            tables.refresh();
        } catch (IOException silent) {
            // The connection has heard of it.
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
