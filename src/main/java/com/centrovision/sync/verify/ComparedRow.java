package com.centrovision.sync.verify;

/**
 * How a row stands on both sides at one look.
 *
 * @param trace changes with the content of either side
 * @param waiting whether the clinic has a change of it that the cloud has not
 */
record ComparedRow(String id, State state, String trace, boolean waiting, Difference difference) {
    enum State {
        EQUAL,
        GONE,
        MOVING,
        DIFFERENT,
        CLOUD,
        CLINIC
    }

    boolean differs() {
        return switch (state) {
            case DIFFERENT, CLOUD, CLINIC -> true;
            case EQUAL, GONE, MOVING -> false;
        };
    }

    /** Whether the cloud has a row that may be fetched in the place of the clinic's. */
    boolean isRepairable() {
        return state != State.CLINIC && !waiting;
    }
}
