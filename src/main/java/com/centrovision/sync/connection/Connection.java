package com.centrovision.sync.connection;

import com.centrovision.sync.cloud.CloudListener;
import com.centrovision.sync.cloud.CloudNotAskedException;
import com.centrovision.sync.cloud.CloudReason;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state machine of the line: a {@link CloudReason}, which every answer and every silence of the cloud may change.
 * It opens and closes by news that is younger than its last turn: what was asked before an outage tells nothing about
 * the time after it. Threads share it.
 */
public final class Connection implements CloudListener {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    /** The reason while a person has paused the sync. */
    private static final String PAUSED = "paused-by-person";

    /** Hears of a change, with the connection's lock held: hands over, and does nothing itself. */
    public interface ChangeListener {
        void changed(CloudReason before, CloudReason now);
    }

    private final Clock clock;
    private final LongSupplier nanos;
    private final ClockWatch clockWatch;
    private final List<ChangeListener> listeners = new ArrayList<>();
    private final Set<CloudReason> told = EnumSet.noneOf(CloudReason.class);
    private CloudReason reason = CloudReason.STARTING;
    private Instant since;
    private boolean heard;
    private long heardAt;
    private long turnedAt;
    private boolean clinicReachable = true;
    private boolean writer = true;
    private Optional<Instant> pausedSince = Optional.empty();

    public Connection(Clock clock) {
        this(clock, System::nanoTime);
    }

    /** @param nanos a clock that nobody sets */
    Connection(Clock clock, LongSupplier nanos) {
        this.clock = clock;
        this.nanos = nanos;
        this.clockWatch = new ClockWatch(clock, nanos);
        this.since = clock.instant();
        this.turnedAt = nanos.getAsLong();
    }

    public synchronized void tell(ChangeListener listener) {
        listeners.add(listener);
    }

    @Override
    public synchronized void heard(CloudReason news, long askedAt) {
        heard = true;
        heardAt = nanos.getAsLong();
        var staysOpen = reason.isOpen() && news.isOpen();
        if (staysOpen || askedAt - turnedAt >= 0) {
            become(news);
        }
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
        writer = holdsLock;
        notifyAll();
    }

    /** A person wants no work to be done; the line itself is watched on. Empty: it may be done again. */
    public synchronized void pausedByPerson(Optional<Instant> since) {
        pausedSince = since;
        notifyAll();
    }

    private void become(CloudReason news) {
        if (news == reason) {
            return;
        }
        var before = reason;
        reason = news;
        since = clock.instant();
        if (before.isOpen() != news.isOpen()) {
            turnedAt = nanos.getAsLong();
            told.clear();
        }
        if (told.add(news)) {
            LOG.info("connection changed mode={} reason={} before={}", mode(), news.word(), before.word());
        }
        listeners.forEach(listener -> listener.changed(before, news));
        notifyAll();
    }

    /** Whether work may be done: the cloud answers and takes the key, no other service does it, and no person paused it. */
    public synchronized boolean isOpen() {
        var moved = clockWatch.moved();
        if (!moved.isZero() && reason.isOpen()) {
            LOG.info("clock moved seconds={}", moved.toSeconds());
            become(CloudReason.CLOCK_MOVED);
        }
        return reason.isOpen() && writer && pausedSince.isEmpty();
    }

    /** Whether the line carries so little that less should be asked of it at a time. */
    public synchronized boolean isSlow() {
        return reason == CloudReason.SLOW;
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
        return !heard || nanos.getAsLong() - heardAt > duration.toNanos();
    }

    public synchronized ConnectionState state() {
        return pausedSince
                .map(paused -> new ConnectionState(mode(), PAUSED, paused))
                .orElseGet(() -> new ConnectionState(mode(), reason.word(), since));
    }

    private String mode() {
        return reason.isReachable() ? "supabase" : clinicReachable ? "local" : "offline";
    }
}
