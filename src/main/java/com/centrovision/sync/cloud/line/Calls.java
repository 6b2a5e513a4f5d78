package com.centrovision.sync.cloud.line;

import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The requests that wait for the cloud, and a watchdog that hangs up for those that wait in vain: a blocked write, a
 * handshake and a name server know no time-out of their own. Threads share it.
 */
public final class Calls implements AutoCloseable {
    private static final long LOOK_MILLIS = 250;

    private final Line line;
    private final Set<Call> waiting = ConcurrentHashMap.newKeySet();
    private final ThreadLocal<Call> current = new ThreadLocal<>();
    private final ScheduledExecutorService watchdog = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "cloud-watchdog");
        thread.setDaemon(true);
        return thread;
    });

    public Calls(Line line) {
        this.line = line;
        watchdog.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** @param hangUp closes the connection of the request, from another thread */
    public Call begin(Patience patience, Runnable hangUp) {
        return new Call(patience, line, hangUp);
    }

    /** The calling thread waits for the cloud until {@link #goesOn}. */
    public void waits(Call call) {
        call.waits();
        current.set(call);
        waiting.add(call);
    }

    public void goesOn(Call call) {
        waiting.remove(call);
        current.remove();
    }

    public boolean areWaiting() {
        return !waiting.isEmpty();
    }

    /** After an outage, nobody goes on waiting on a connection from before it. */
    public void cutSilentFor(Duration silence, long askedBefore) {
        waiting.stream()
                .filter(call -> call.askedAt() - askedBefore < 0)
                .filter(call -> call.waited().compareTo(silence) >= 0)
                .forEach(Call::cut);
    }

    Duration leftToConnect() throws SocketTimeoutException {
        var call = current.get();
        return call == null ? Patience.USUAL.connect() : call.leftToConnect();
    }

    void heard(int bytes) {
        line.heard(bytes);
    }

    void sent(int bytes) {
        line.sent(bytes);
        Optional.ofNullable(current.get()).ifPresent(call -> call.sends(bytes));
    }

    private void look() {
        waiting.stream().filter(Call::hasWaitedTooLong).forEach(Call::cut);
    }

    @Override
    public void close() {
        watchdog.shutdownNow();
    }
}
