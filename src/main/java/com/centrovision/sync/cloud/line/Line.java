package com.centrovision.sync.cloud.line;

import java.time.Duration;
import java.util.function.LongSupplier;

/** What goes over the line to the cloud, on all connections together. Threads share it. */
public final class Line {
    /** What the system takes from a program before the other end has taken it: more waits in the program's hands. */
    static final int BUFFER_BYTES = 65_536;

    private static final long MOST_UNDER_WAY = 2 * BUFFER_BYTES;

    private final LongSupplier nanos;
    private final Speed speed;
    private final Width width;
    private long heardAt;
    private long heard;
    private long sentSinceHeard;

    public Line(LongSupplier nanos) {
        this.nanos = nanos;
        this.speed = new Speed(nanos);
        this.width = new Width(nanos);
        this.heardAt = nanos.getAsLong();
    }

    synchronized void heard(int bytes) {
        heard += bytes;
        heardAt = nanos.getAsLong();
        sentSinceHeard = 0;
    }

    synchronized void sent(int bytes) {
        sentSinceHeard = Math.min(MOST_UNDER_WAY, sentSinceHeard + bytes);
    }

    /** Bytes heard since the start. */
    public synchronized long heard() {
        return heard;
    }

    /** How long nothing has been heard on any connection. */
    synchronized Duration silence() {
        return Duration.ofNanos(nanos.getAsLong() - heardAt);
    }

    /** The time that what was sent since then may need on its way. */
    synchronized Duration toCarry() {
        return speed.toCarry(sentSinceHeard);
    }

    public Speed speed() {
        return speed;
    }

    public Width width() {
        return width;
    }

    public long now() {
        return nanos.getAsLong();
    }
}
