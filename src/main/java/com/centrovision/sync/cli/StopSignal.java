package com.centrovision.sync.cli;

import com.centrovision.sync.problem.ExitCode;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** SIGTERM or Ctrl-C: lets the command end by itself, and gives the clean stop the exit code 0 instead of 143. */
final class StopSignal implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final Duration grace;
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stop, "stop-signal");

    StopSignal() {
        this(GRACE);
    }

    /** @param grace how long the command may take to end by itself */
    StopSignal(Duration grace) {
        this.grace = grace;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    void await() throws InterruptedException {
        asked.await();
    }

    boolean isAsked() {
        return asked.getCount() == 0;
    }

    boolean await(long time, TimeUnit unit) throws InterruptedException {
        return asked.await(time, unit);
    }

    private void stop() {
        asked.countDown();
        try {
            if (stopped.await(grace.toMillis(), TimeUnit.MILLISECONDS)) {
                Runtime.getRuntime().halt(ExitCode.OK.value());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stopped.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException stopping) {
            // The hook is what stops us.
        }
    }
}
