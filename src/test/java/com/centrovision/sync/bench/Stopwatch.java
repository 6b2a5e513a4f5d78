package com.centrovision.sync.bench;

/** Measures from when it was made. */
final class Stopwatch {
    private final long startedAt = System.nanoTime();

    double seconds() {
        return (System.nanoTime() - startedAt) / 1e9;
    }
}
