package com.centrovision.sync.cloud;

/** Why the cloud is in the state that it is in, in the words of {@code status}. */
public enum CloudReason {
    OK("ok"),
    STARTING("starting"),
    NO_NETWORK("no-network"),
    NO_ADDRESS("no-address"),
    TIMEOUT("timeout"),
    TLS("tls"),
    CAPTIVE_PORTAL("captive-portal"),
    PAUSED("paused"),
    DEGRADED("degraded"),
    UNAUTHORIZED("unauthorized");

    private final String word;

    CloudReason(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }
}
