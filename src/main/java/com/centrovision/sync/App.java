package com.centrovision.sync;

/** Starts the program. */
public final class App {
    private App() {}

    public static void main(String[] arguments) {
        System.exit(0);
    }
}
