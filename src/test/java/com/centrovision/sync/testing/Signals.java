package com.centrovision.sync.testing;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Stops processes in their tracks, as a machine that sleeps, and wakes them. */
public final class Signals {
    private Signals() {}

    public static void freeze(Collection<Long> processes) {
        send("-STOP", processes);
    }

    public static void wake(Collection<Long> processes) {
        send("-CONT", processes);
    }

    private static void send(String signal, Collection<Long> processes) {
        try {
            var command = new ArrayList<>(List.of("kill", signal));
            processes.forEach(process -> command.add(process.toString()));
            var ended = new ProcessBuilder(command).inheritIO().start().waitFor();
            if (ended != 0) {
                throw new IllegalStateException(command + " ended with " + ended);
            }
        } catch (IOException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
