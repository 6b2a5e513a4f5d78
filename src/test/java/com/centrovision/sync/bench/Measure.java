package com.centrovision.sync.bench;

import java.util.List;

/** One figure of a scenario, as often as it was taken. */
record Measure(String name, String unit, List<Double> values) {
    double median() {
        var sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
