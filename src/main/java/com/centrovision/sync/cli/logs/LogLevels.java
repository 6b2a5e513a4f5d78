package com.centrovision.sync.cli.logs;

import java.util.regex.Pattern;
import org.slf4j.event.Level;

/** Which lines of a log are shown; what follows an event on lines of its own, such as a trace, belongs to it. */
final class LogLevels {
    private static final Pattern EVENT = Pattern.compile("^\\d{4}-\\S+Z (ERROR|WARN|INFO|DEBUG|TRACE) .*");

    private final Level least;
    private boolean shown;

    LogLevels(Level least) {
        this.least = least;
        begin();
    }

    /** A new file begins. */
    void begin() {
        shown = least == Level.TRACE || least == Level.DEBUG;
    }

    boolean shows(String line) {
        var event = EVENT.matcher(line);
        if (event.matches()) {
            shown = Level.valueOf(event.group(1)).toInt() >= least.toInt();
        }
        return shown;
    }
}
