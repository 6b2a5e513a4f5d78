package com.centrovision.sync.alerts;

/** The receiver of a message answered that it does not take it. Holds nothing of its answer. */
final class ChannelRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;

    ChannelRefusedException(int status) {
        super("answered " + status);
        this.status = status;
    }

    int status() {
        return status;
    }
}
