package com.centrovision.sync.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a scenario has measured, in the order of its first measurement. Threads share it. */
final class Figures {
    private final Map<String, Measure> measures = new LinkedHashMap<>();

    synchronized void add(String name, String unit, double value) {
        measures.computeIfAbsent(name, first -> new Measure(name, unit, new ArrayList<>()))
                .values()
                .add(value);
    }

    synchronized List<Measure> all() {
        return List.copyOf(measures.values());
    }

    /** NaN where it was not measured, which meets no goal. */
    synchronized double median(String name) {
        var measure = measures.get(name);
        return measure == null ? Double.NaN : measure.median();
    }

    double ratio(String name, String to) {
        return median(name) / median(to);
    }
}
