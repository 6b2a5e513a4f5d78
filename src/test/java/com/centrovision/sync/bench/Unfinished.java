package com.centrovision.sync.bench;

/** Something took longer than anybody would wait, or came out wrong: there is no figure. */
final class Unfinished extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unfinished(String message) {
        super(message);
    }
}
