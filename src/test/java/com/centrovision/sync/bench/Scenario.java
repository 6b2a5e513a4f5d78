package com.centrovision.sync.bench;

import java.util.List;

/** One line of the table of goals: the service, its limit and the baselines, side by side. */
interface Scenario {
    String name();

    /** What is measured, in one sentence of the manual. */
    String method();

    /** Makes what all repetitions share. */
    default void prepare(Stand stand) throws Exception {}

    /** One repetition. */
    void measure(Stand stand, Figures figures) throws Exception;

    /** Takes down what {@link #prepare} has made. */
    default void end(Stand stand) throws Exception {}

    List<Goal> goals(Figures figures);
}
