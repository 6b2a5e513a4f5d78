package com.centrovision.sync.demo.show;

import com.centrovision.sync.problem.Text;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Something that happened, in plain words. */
record Event(LocalTime at, Who who, Text text) {
    /** Who did it. */
    enum Who {
        RECEPTION("demo.who.reception"),
        DOCTOR("demo.who.doctor"),
        LINE("demo.who.line"),
        SYNC("demo.who.sync");

        private final String key;

        Who(String key) {
            this.key = key;
        }
    }

    static Event now(Who who, String key, Object... arguments) {
        return new Event(LocalTime.now().truncatedTo(ChronoUnit.SECONDS), who, Text.of(key, arguments));
    }

    String line(Locale locale) {
        return String.format("%tT  %-10s  %s", at, Text.of(who.key).in(locale), text.in(locale));
    }
}
