package com.centrovision.sync.status;

/** What one direction has yet to work off, and how long that takes at its present pace; null where it stands still. */
public record Backlog(long left, long rowsPerSecond, Long minutesLeft) {
    static Backlog of(long left, double perSecond) {
        var minutes = perSecond < 0.5 ? null : (Long) (long) Math.ceil(left / perSecond / 60);
        return new Backlog(left, Math.round(perSecond), minutes);
    }
}
