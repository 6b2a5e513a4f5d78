package com.centrovision.sync.cloud;

/**
 * Why the cloud is in the state that it is in, in the words of {@code status}: whether the apps reach it too, and
 * whether work may be done. Each is explained in docs/operations.md.
 */
public enum CloudReason {
    OK("ok", true, true),
    /** It answers, on a line that carries little: less is asked of it at a time. */
    SLOW("slow", true, true),
    /** The key was refused; the apps have keys of their own. */
    UNAUTHORIZED("unauthorized", true, false),
    /** The machine slept or its clock was set: nothing is done before the cloud's time is known again. */
    CLOCK_MOVED("clock-moved", true, false),
    STARTING("starting", false, false),
    NO_NETWORK("no-network", false, false),
    NO_ADDRESS("no-address", false, false),
    TIMEOUT("timeout", false, false),
    TLS("tls", false, false),
    CAPTIVE_PORTAL("captive-portal", false, false),
    PAUSED("paused", false, false),
    OVER_QUOTA("over-quota", false, false),
    DEGRADED("degraded", false, false);

    private final String word;
    private final boolean reachable;
    private final boolean open;

    CloudReason(String word, boolean reachable, boolean open) {
        this.word = word;
        this.reachable = reachable;
        this.open = open;
    }

    public String word() {
        return word;
    }

    public boolean isReachable() {
        return reachable;
    }

    /** Whether work may be done. */
    public boolean isOpen() {
        return open;
    }
}
