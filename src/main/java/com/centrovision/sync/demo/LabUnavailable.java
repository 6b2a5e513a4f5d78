package com.centrovision.sync.demo;

/** Says in one sentence why the lab cannot run on this machine. */
public final class LabUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LabUnavailable(String message) {
        super(message);
    }

    LabUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
