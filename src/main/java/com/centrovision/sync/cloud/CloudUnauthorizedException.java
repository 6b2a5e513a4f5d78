package com.centrovision.sync.cloud;

/** The cloud refused the key (401, or 403 without a SQLSTATE): nothing goes on before a person has acted. */
public final class CloudUnauthorizedException extends CloudException {
    private static final long serialVersionUID = 1;

    private final int status;

    public CloudUnauthorizedException(int status) {
        super("the cloud refused the key (HTTP " + status + ")", null);
        this.status = status;
    }

    public int status() {
        return status;
    }
}
