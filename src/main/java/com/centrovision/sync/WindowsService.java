package com.centrovision.sync;

import com.centrovision.sync.cli.Cli;
import com.centrovision.sync.problem.ExitCode;
import java.util.concurrent.CountDownLatch;

/**
 * What Commons Daemon's prunsrv calls in its own process: {@code start} in one thread, {@code stop} in another, after which start has to
 * return. A process that ends with another code than 0 has failed, and Windows starts the service anew.
 */
public final class WindowsService {
    private static final CountDownLatch STOP = new CountDownLatch(1);

    private WindowsService() {}

    public static void start(String[] arguments) {
        App.prepare();
        var exitCode = Cli.serve(STOP);
        if (exitCode == ExitCode.CONFIGURATION.value()) {
            System.exit(
                    0); // A person has to mend it; trying again changes nothing. One that returns unasked would count
            // as running.
        }
        if (exitCode != ExitCode.OK.value()) {
            System.exit(exitCode);
        }
    }

    public static void stop(String[] arguments) {
        STOP.countDown();
    }
}
