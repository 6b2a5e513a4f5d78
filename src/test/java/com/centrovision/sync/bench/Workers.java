package com.centrovision.sync.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;

/** Does the same work several times at once. */
final class Workers {
    private Workers() {}

    /** Returns the sum of what each has done, or fails as the first of them. */
    static long run(int count, Duration patience, IntFunction<Callable<Long>> work) throws Exception {
        var threads = Executors.newFixedThreadPool(count);
        try {
            long deadline = System.nanoTime() + patience.toNanos();
            var running = new ArrayList<Future<Long>>();
            for (int worker = 0; worker < count; worker++) {
                running.add(threads.submit(work.apply(worker)));
            }
            long sum = 0;
            for (var each : running) {
                sum += each.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            }
            return sum;
        } catch (TimeoutException late) {
            throw new Unfinished("workers not done after " + patience.toSeconds() + " s");
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof Exception cause ? cause : failure;
        } finally {
            threads.shutdownNow();
        }
    }
}
