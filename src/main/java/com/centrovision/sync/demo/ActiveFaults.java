package com.centrovision.sync.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The faults that hold now, and the waits that end when they are healed. Shared by all connections. */
final class ActiveFaults {
    private final List<Countdown> countdowns = new ArrayList<>();
    private long healings;
    private int held;
    private int met;

    synchronized void add(Fault fault) {
        countdowns.add(new Countdown(fault));
    }

    synchronized void clear() {
        countdowns.clear();
        healings++;
        notifyAll();
    }

    /** The effects on one request; each is counted as used. */
    synchronized Effects take(String method, String path) {
        var effects = countdowns.stream()
                .filter(countdown -> countdown.fault.concerns(method, path))
                .filter(Countdown::use)
                .map(countdown -> countdown.fault.effect())
                .toList();
        met += effects.size();
        return new Effects(effects, healings);
    }

    synchronized boolean areHealedSince(Effects effects) {
        return healings != effects.healings;
    }

    /** Waits for so long, or until the gateway is healed. */
    synchronized void pause(Duration duration, Effects effects) throws InterruptedException {
        long deadline = System.nanoTime() + duration.toNanos();
        for (long left = duration.toNanos(); left > 0; left = deadline - System.nanoTime()) {
            if (areHealedSince(effects)) {
                return;
            }
            wait(left / 1_000_000, (int) (left % 1_000_000));
        }
    }

    synchronized void awaitHealing(Effects effects) throws InterruptedException {
        while (!areHealedSince(effects)) {
            wait();
        }
    }

    /** Waits until the gateway is healed, and is counted as held meanwhile. */
    synchronized void hold(Effects effects) throws InterruptedException {
        held++;
        try {
            awaitHealing(effects);
        } finally {
            held--;
        }
    }

    synchronized int held() {
        return held;
    }

    synchronized int met() {
        return met;
    }

    /** Waits while a black hole swallows everything, and says whether it did. */
    synchronized boolean awaitEndOfSilence() throws InterruptedException {
        boolean waited = false;
        while (isSilent()) {
            waited = true;
            wait();
        }
        return waited;
    }

    private boolean isSilent() {
        return countdowns.stream()
                .anyMatch(countdown ->
                        countdown.fault.effect() instanceof Effect.BlackHole && countdown.fault.isForEverything());
    }

    /** The effects that one request meets. */
    record Effects(List<Effect> all, long healings) {
        <E extends Effect> Optional<E> find(Class<E> type) {
            return all.stream().filter(type::isInstance).map(type::cast).findFirst();
        }

        boolean has(Class<? extends Effect> type) {
            return find(type).isPresent();
        }

        boolean hold(Effect.Hold.Moment moment) {
            return all.contains(new Effect.Hold(moment));
        }
    }

    private static final class Countdown {
        private final Fault fault;
        private int spared;
        private int left;

        private Countdown(Fault fault) {
            this.fault = fault;
            this.spared = fault.spared();
            this.left = fault.times();
        }

        private boolean use() {
            if (spared > 0) {
                spared--;
                return false;
            }
            if (left == 0) {
                return false;
            }
            left--;
            return true;
        }
    }
}
