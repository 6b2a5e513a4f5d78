package com.centrovision.sync;

import com.centrovision.sync.cli.Cli;
import com.centrovision.sync.config.LogSetup;
import java.security.Security;

/** Starts the program. */
public final class App {
    private App() {}

    public static void main(String[] arguments) {
        prepare();
        System.exit(Cli.run(arguments));
    }

    static void prepare() {
        // What a name server failed to tell is asked again at once: the line is looked at every five seconds.
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
        LogSetup.startWithWarnings();
    }
}
