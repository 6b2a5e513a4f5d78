package com.centrovision.sync.model;

import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.testing.CloudFile;

/** Whether the cloud has the optional functions while a seed is played, and when they come and go. */
final class Way {
    private enum Kind {
        REST,
        ASSISTED,
        SWITCHED
    }

    private final Lab lab;
    private final Kind kind;
    private final int steps;
    private boolean installed;

    private Way(Lab lab, Kind kind, int steps) {
        this.lab = lab;
        this.kind = kind;
        this.steps = steps;
    }

    static Way of(Lab lab, long seed, int steps) {
        return new Way(lab, Kind.values()[(int) Math.floorMod(seed, 3L)], steps);
    }

    void begins() {
        if (kind == Kind.ASSISTED) {
            change();
        }
    }

    /** Installs or removes them before some of the steps, in good weather; whether it did. */
    boolean changes(int step) {
        var turns = kind == Kind.SWITCHED && step > 0 && step % (steps / 4) == 0;
        if (turns) {
            lab.gateway().heal();
            change();
        }
        return turns;
    }

    private void change() {
        if (installed) {
            CloudFile.remove(lab);
        } else {
            CloudFile.install(lab);
        }
        installed = !installed;
    }
}
