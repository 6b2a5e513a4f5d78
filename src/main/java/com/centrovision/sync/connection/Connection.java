package com.centrovision.sync.connection;

import com.centrovision.sync.cloud.CloudListener;
import com.centrovision.sync.cloud.CloudNotAskedException;
import com.centrovision.sync.cloud.CloudReason;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the cloud can be worked with, as every answer and every silence of it tells; changes are logged. Threads
 * share it.
 */
public final class Connection implements CloudListener {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    private final Clock clock;
    private CloudReason reason = CloudReason.STARTING;
    private Instant since;
    private Instant heardAt;
    private boolean clinicReachable = true;
    private boolean writer = true;

    public Connection(Clock clock) {
        this.clock = clock;
        this.since = clock.instant();
        this.heardAt = Instant.EPOCH;
    }

    @Override
    public void answered() {
        become(CloudReason.OK);
    }

    @Override
    public void unauthorized() {
        become(CloudReason.UNAUTHORIZED);
    }

    @Override
    public void unavailable(CloudReason newReason) {
        become(newReason);
    }

    public synchronized void clinicReachable(boolean reachable) {
        clinicReachable = reachable;
    }

    public synchronized boolean isClinicReachable() {
        return clinicReachable;
    }

    public synchronized boolean isWriter() {
        return writer;
    }

    /** Whether this service is the one that may write the clinic's database. */
    public synchronized void writer(boolean holdsLock) {
        if (writer && !holdsLock) {
            LOG.error("another service has become the writer of this database; this one waits");
        }
        writer = holdsLock;
    }

    private synchronized void become(CloudReason newReason) {
        heardAt = clock.instant();
        if (newReason != reason) {
            LOG.info(
                    "connection changed mode={} reason={} before={}", mode(newReason), newReason.word(), reason.word());
            reason = newReason;
            since = heardAt;
            notifyAll();
        }
    }

    /** Whether work may be done: the cloud answers and takes the key, and no other service does it. */
    public synchronized boolean isOpen() {
        return reason == CloudReason.OK && writer;
    }

    /** Whether work may be done, now or at the latest after {@code patience}. */
    public synchronized boolean awaitOpen(Duration patience) throws InterruptedException {
        var deadline = System.nanoTime() + patience.toNanos();
        while (!isOpen()) {
            var left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    /** Spares a request that would only wait for its time-out. */
    public synchronized void requireOpen() throws CloudNotAskedException {
        if (!isOpen()) {
            throw new CloudNotAskedException(reason);
        }
    }

    /** Whether nothing was heard of the cloud for so long that it should be asked. */
    public synchronized boolean isSilentFor(Duration duration) {
        return heardAt.plus(duration).isBefore(clock.instant());
    }

    public synchronized ConnectionState state() {
        return new ConnectionState(mode(reason), reason.word(), since);
    }

    private String mode(CloudReason of) {
        return switch (of) {
            case OK, UNAUTHORIZED -> "supabase";
            case STARTING, NO_NETWORK, NO_ADDRESS, TIMEOUT, TLS, CAPTIVE_PORTAL, PAUSED, DEGRADED ->
                clinicReachable ? "local" : "offline";
        };
    }
}
