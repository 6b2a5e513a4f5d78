package com.centrovision.sync.conflicts;

/** The cloud's row is not the version that a change was made on; the conflict handler decides. */
public final class ConflictException extends Exception {
    private static final long serialVersionUID = 1;

    public ConflictException(String message) {
        super(message);
    }
}
