package com.centrovision.sync.problem;

/** How the program ends: the numbers that scripts, service managers and timers rely on. */
public enum ExitCode {
    OK(0),
    FINDINGS(1),
    CONFIGURATION(2),
    UNREACHABLE(3);

    private final int value;

    ExitCode(int value) {
        this.value = value;
    }

    public int value() {
        return value;
    }
}
