package com.centrovision.sync.bench;

/** What a scenario is to reach, and what it has reached. */
record Goal(String text, double reached, boolean minimum, double bound) {
    static Goal atLeast(String text, double reached, double bound) {
        return new Goal(text, reached, true, bound);
    }

    static Goal atMost(String text, double reached, double bound) {
        return new Goal(text, reached, false, bound);
    }

    boolean isMet() {
        return minimum ? reached >= bound : reached <= bound;
    }
}
