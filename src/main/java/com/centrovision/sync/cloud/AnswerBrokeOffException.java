package com.centrovision.sync.cloud;

/** An answer began and did not end: asking for less at a time may be what gets through. */
public final class AnswerBrokeOffException extends CloudUnavailableException {
    private static final long serialVersionUID = 1;

    AnswerBrokeOffException(CloudReason reason, Throwable cause) {
        super(reason, "the answer broke off", cause);
    }
}
