package com.centrovision.sync;

import com.centrovision.sync.cli.Cli;
import com.centrovision.sync.problem.ExitCode;
import java.util.concurrent.CountDownLatch;

/**
 * What Commons Daemon's prunsrv calls in its own process: {@code start} in one thread, {@code stop} in another. A start that returns
 * is a clean end to Windows; a process that goes away without it has failed, and Windows starts it anew.
 */
public final class WindowsService {
    private static final CountDownLatch STOP = new CountDownLatch(1);

    private WindowsService() {}

    public static void start(String[] arguments) {
        App.prepare();
        var exitCode = Cli.serve(STOP);
        // A configuration that a person has to mend is not tried again.
        if (exitCode != ExitCode.OK.value() && exitCode != ExitCode.CONFIGURATION.value()) {
            System.exit(exitCode);
        }
    }

    public static void stop(String[] arguments) {
        STOP.countDown();
    }
}
