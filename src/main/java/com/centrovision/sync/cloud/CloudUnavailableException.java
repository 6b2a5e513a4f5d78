package com.centrovision.sync.cloud;

/** There was no answer of the cloud's: nothing is known about what was asked, and asking again is right. */
public class CloudUnavailableException extends CloudException {
    private static final long serialVersionUID = 1;

    private final CloudReason reason;

    public CloudUnavailableException(CloudReason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public CloudReason reason() {
        return reason;
    }
}
