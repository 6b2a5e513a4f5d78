package com.centrovision.sync.bench;

/** Measures from when it was made, or from a moment before. */
final class Stopwatch {
    private final long startedAt;

    Stopwatch() {
        this(0);
    }

    Stopwatch(double secondsAgo) {
        this.startedAt = System.nanoTime() - (long) (secondsAgo * 1e9);
    }

    double seconds() {
        return (System.nanoTime() - startedAt) / 1e9;
    }
}
