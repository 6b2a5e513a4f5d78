package com.centrovision.sync.bench;

import java.util.List;

/** How long all but the slowest twentieth took. */
final class Percentile {
    private Percentile() {}

    static double of95(List<Double> samples) {
        return samples.stream().sorted().toList().get((int) Math.ceil(0.95 * samples.size()) - 1);
    }
}
