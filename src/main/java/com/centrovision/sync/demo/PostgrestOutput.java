package com.centrovision.sync.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;

/** Reads what PostgREST prints, to know when it has taken over a change. Safe for several threads. */
final class PostgrestOutput {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private String lastLine = "it printed nothing";
    private String awaited = "";
    private boolean seen;

    private PostgrestOutput() {}

    static PostgrestOutput follow(Process process) {
        var output = new PostgrestOutput();
        var thread = new Thread(() -> output.read(process.inputReader()), "lab-postgrest-output");
        thread.setDaemon(true);
        thread.start();
        return output;
    }

    synchronized String lastLine() {
        return lastLine;
    }

    /** Does something, and returns once a line with this text was printed after it. */
    synchronized void awaitAfter(String text, Runnable action) {
        awaited = text;
        seen = false;
        action.run();
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        try {
            while (!seen) {
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    throw new IllegalStateException("PostgREST did not say \"" + text + "\": " + lastLine);
                }
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void read(BufferedReader lines) {
        try (lines) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                add(line);
            }
        } catch (IOException ended) {
            return;
        }
    }

    private synchronized void add(String line) {
        lastLine = line;
        if (!awaited.isEmpty() && line.contains(awaited)) {
            seen = true;
            notifyAll();
        }
    }
}
