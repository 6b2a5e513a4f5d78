package com.centrovision.sync.cloud;

/** The cloud's database or API refused this one request; {@code code} is its SQLSTATE or PostgREST code. */
public class CloudRefusedException extends CloudException {
    private static final long serialVersionUID = 1;

    private final String code;

    public CloudRefusedException(int status, String code) {
        super("the cloud refused the request (HTTP " + status + ", code " + code + ")", null);
        this.code = code;
    }

    public String code() {
        return code;
    }
}
