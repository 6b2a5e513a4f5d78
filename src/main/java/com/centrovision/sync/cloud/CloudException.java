package com.centrovision.sync.cloud;

import java.io.IOException;

/** The cloud did not do what was asked. Its text never holds what the cloud said, which may hold cell values. */
public abstract class CloudException extends IOException {
    private static final long serialVersionUID = 1;

    protected CloudException(String message, Throwable cause) {
        super(message, cause);
    }
}
