package com.centrovision.sync.crash;

import java.util.List;
import java.util.function.Consumer;

/**
 * What is under way when the process dies, and what must have come of it in the end.
 *
 * @param given what both sides have done before the process starts
 * @param meanwhile what they do while it is stopped, before it is killed
 * @param remedy what ends the obstacle that leaves a row in the quarantine; nothing for all other works
 * @param effects what the service has done to the cloud's rows in the end, each as often as it happened
 * @param stands a condition on the cloud's rows in the end
 * @param needsNoComparison whether both sides become equal without one, which would hide what was missed
 */
record Work(
        Start start,
        Consumer<Scene> given,
        Consumer<Scene> meanwhile,
        Consumer<Scene> remedy,
        List<String> effects,
        int conflicts,
        String stands,
        boolean needsNoComparison) {
    private static final Consumer<Scene> NOTHING = scene -> {};

    /** What the clinic is before the process starts. */
    enum Start {
        /** Never seen by the service. */
        BARE,
        /** Its control tables and triggers are there, its rows are not. */
        INSTALLED,
        /** The same, with rows of its own that it had before. */
        MARKED,
        /** Equal to the cloud. */
        LOADED
    }

    static Work from(Start start, Consumer<Scene> given) {
        return new Work(start, given, NOTHING, NOTHING, List.of(), 0, "true", false);
    }

    Work meanwhile(Consumer<Scene> deeds) {
        return new Work(start, given, deeds, remedy, effects, conflicts, stands, needsNoComparison);
    }

    Work remedy(Consumer<Scene> deeds) {
        return new Work(start, given, meanwhile, deeds, effects, conflicts, stands, needsNoComparison);
    }

    Work effects(String... expected) {
        return new Work(start, given, meanwhile, remedy, List.of(expected), conflicts, stands, needsNoComparison);
    }

    Work oneConflict() {
        return new Work(start, given, meanwhile, remedy, effects, 1, stands, needsNoComparison);
    }

    Work stands(String condition) {
        return new Work(start, given, meanwhile, remedy, effects, conflicts, condition, needsNoComparison);
    }

    Work withoutComparison() {
        return new Work(start, given, meanwhile, remedy, effects, conflicts, stands, true);
    }

    boolean leavesARowInTheQuarantine() {
        return remedy != NOTHING;
    }
}
