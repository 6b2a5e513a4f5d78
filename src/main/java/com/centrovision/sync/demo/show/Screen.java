package com.centrovision.sync.demo.show;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** Where people see what happens. */
public sealed interface Screen extends AutoCloseable permits LiveTable, PlainLines {
    void tell(Event event);

    @Override
    void close();

    /** A live table on a terminal, a line for each event elsewhere. */
    static Screen on(PrintWriter out, Locale locale, BothSides sides, Map<String, String> environment) {
        return isTerminal(environment) ? LiveTable.start(out, locale, sides) : new PlainLines(out, locale);
    }

    /** Newer versions of Java have a console without a terminal too. */
    static boolean isTerminal(Map<String, String> environment) {
        try {
            return System.console() != null
                    && !environment.getOrDefault("TERM", "dumb").equals("dumb")
                    && Path.of("/proc/self/fd/1").toRealPath().startsWith("/dev");
        } catch (IOException hidden) {
            return false;
        }
    }
}
