package com.centrovision.sync.cloud;

/** Hears of every answer and every silence of the cloud. */
@FunctionalInterface
public interface CloudListener {
    /** Nobody listens. */
    CloudListener NONE = (reason, askedAt) -> {};

    /** @param askedAt when the question was asked, in {@link System#nanoTime()} */
    void heard(CloudReason reason, long askedAt);
}
