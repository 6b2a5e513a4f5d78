package com.centrovision.sync.cli;

import com.centrovision.sync.problem.ExitCode;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** SIGTERM, Ctrl-C or a service manager within this process: lets the command end by itself, and gives the clean stop the exit code 0 instead of 143. */
final class StopSignal implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final Duration grace;
    private final CountDownLatch asked;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stop, "stop-signal");

    StopSignal() {
        this(GRACE, new CountDownLatch(1));
    }

    /** @param asked what somebody else may count down, before or after */
    StopSignal(CountDownLatch asked) {
        this(GRACE, asked);
    }

    /** @param grace how long the command may take to end by itself */
    StopSignal(Duration grace) {
        this(grace, new CountDownLatch(1));
    }

    private StopSignal(Duration grace, CountDownLatch asked) {
        this.grace = grace;
        this.asked = asked;
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
