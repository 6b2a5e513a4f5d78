package com.centrovision.sync.cloud;

/** The cloud has no such function, or none that the key may call: it goes on over plain REST. */
public final class CloudFunctionGoneException extends CloudRefusedException {
    private static final long serialVersionUID = 1;

    public CloudFunctionGoneException(int status, String code) {
        super(status, code);
    }
}
