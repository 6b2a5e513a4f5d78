package com.centrovision.sync.cloud;

/** The cloud is known not to answer, or asked for quiet: no request went out, and repeating it at once is no use. */
public final class CloudNotAskedException extends CloudUnavailableException {
    private static final long serialVersionUID = 1;

    public CloudNotAskedException(CloudReason reason) {
        super(reason, "the cloud cannot be worked with now", null);
    }
}
