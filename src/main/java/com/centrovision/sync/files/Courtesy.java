package com.centrovision.sync.files;

import com.centrovision.sync.connection.Connection;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Lets a file's next bytes go when it is their turn: rows come first, and files keep to their bandwidth. Nothing goes
 * while the line is closed. Threads share it.
 */
final class Courtesy {
    private static final long LOOK_MILLIS = 5;

    /** Rows that are asked for without end, as in a first load, leave files a quarter of a megabyte a second. */
    private static final Duration LONGEST_WAIT = Duration.ofMillis(250);

    private static final long SENT_ON_A_SLOW_LINE = 65_536;

    private static final Duration LONGEST_WAIT_WHEN_SLOW = Duration.ofSeconds(4);

    private final Bandwidth bandwidth;
    private final Connection connection;
    private final BooleanSupplier rowsAreAsked;
    private volatile boolean stopped;

    Courtesy(Bandwidth bandwidth, Connection connection, BooleanSupplier rowsAreAsked) {
        this.bandwidth = bandwidth;
        this.connection = connection;
        this.rowsAreAsked = rowsAreAsked;
    }

    int block() {
        return bandwidth.block();
    }

    /** How large a file may be that is sent in one piece: what is cut off then begins anew. */
    long atOnce() {
        return connection.isSlow() ? SENT_ON_A_SLOW_LINE : bandwidth.inHalfAMinute();
    }

    /** The service ends: what is under way goes on after its next start. */
    void stop() {
        stopped = true;
    }

    void before(int bytes) throws IOException {
        connection.requireOpen();
        if (stopped) {
            throw new InterruptedIOException("stopped");
        }
        try {
            Thread.sleep(bandwidth.book(bytes).toMillis());
            letRowsPass();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped");
        }
    }

    private void letRowsPass() throws InterruptedException {
        var longest = connection.isSlow() ? LONGEST_WAIT_WHEN_SLOW : LONGEST_WAIT;
        var since = System.nanoTime();
        while (rowsAreAsked.getAsBoolean() && System.nanoTime() - since < longest.toNanos()) {
            Thread.sleep(LOOK_MILLIS);
        }
    }
}
