package com.centrovision.sync.cloud;

/** An answer was larger than memory allows: the same is asked for in smaller pages. */
public final class AnswerTooLargeException extends CloudException {
    private static final long serialVersionUID = 1;

    /** Stands where a refusal's SQLSTATE stands. */
    public static final String CODE = "too-large";

    AnswerTooLargeException(long limitBytes) {
        super("an answer of the cloud was larger than " + limitBytes + " bytes", null);
    }
}
