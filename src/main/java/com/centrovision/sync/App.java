package com.centrovision.sync;

import com.centrovision.sync.cli.Cli;

/** Starts the program. */
public final class App {
    private App() {}

    public static void main(String[] arguments) {
        System.exit(Cli.run(arguments));
    }
}
