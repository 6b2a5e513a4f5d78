package com.centrovision.sync.bench;

/** One direction of a line: bytes of all its connections go over it one after the other. Threads share it. */
final class Wire {
    private long freeAt = System.nanoTime();

    /** Takes its turn for so many bytes, and says when the last of them is through. */
    synchronized long send(int bytes, long bytesPerSecond) {
        freeAt = Math.max(freeAt, System.nanoTime()) + Math.round(1e9 * bytes / bytesPerSecond);
        return freeAt;
    }
}
