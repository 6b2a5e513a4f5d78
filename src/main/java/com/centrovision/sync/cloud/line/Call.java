package com.centrovision.sync.cloud.line;

import java.net.SocketTimeoutException;
import java.time.Duration;

/** One request under way, by a monotonic clock. Its own thread waits, the watchdog of {@link Calls} looks on. */
public final class Call {
    /** On a line that is known to be slow, and heard on other connections, a request may wait for so long. */
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private static final long WORTH_A_DOUBT_BYTES = 8192;

    private final Patience patience;
    private final Line line;
    private final Runnable hangUp;
    private final long askedAt;
    private volatile long waitsSince;
    private volatile long sent;
    private volatile boolean cut;

    Call(Patience patience, Line line, Runnable hangUp) {
        this.patience = patience;
        this.line = line;
        this.hangUp = hangUp;
        this.askedAt = line.now();
        this.waitsSince = askedAt;
    }

    public long askedAt() {
        return askedAt;
    }

    /** Whether it was given up, whatever the exception says that came of it. */
    public boolean isCut() {
        return cut;
    }

    /** Bytes of the request that went out so far. */
    public long sent() {
        return sent;
    }

    /** What was taken makes room for more: the waiting begins anew. */
    void sends(int bytes) {
        sent += bytes;
        waits();
    }

    void waits() {
        waitsSince = line.now();
    }

    Duration waited() {
        return Duration.ofNanos(line.now() - waitsSince);
    }

    boolean hasWaitedTooLong() {
        var limit = patience.silence().plus(line.toCarry());
        if (cut || waited().compareTo(limit) < 0) {
            return cut;
        }
        var isHeard = line.silence().compareTo(limit) < 0;
        if (isHeard && line.speed().isDoubtful()) {
            return hasWaitedLongest();
        }
        if (isHeard || sent >= WORTH_A_DOUBT_BYTES) {
            line.speed().doubt();
        }
        return true;
    }

    private boolean hasWaitedLongest() {
        return waited().compareTo(LONGEST.plus(line.speed().toCarry(sent))) >= 0;
    }

    void cut() {
        cut = true;
        hangUp.run();
    }

    /** What is left of the time for the name, for connecting to all its addresses, and for nothing else. */
    Duration leftToConnect() throws SocketTimeoutException {
        var left = patience.connect().minusNanos(line.now() - waitsSince);
        if (cut || left.toMillis() <= 0) {
            throw new SocketTimeoutException("not connected in time");
        }
        return left;
    }
}
