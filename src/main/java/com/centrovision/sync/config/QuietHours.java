package com.centrovision.sync.config;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Optional;

/** The part of the day, over midnight or not, in which only what is critical is told. */
public record QuietHours(LocalTime from, LocalTime to) {
    public QuietHours {
        if (from.equals(to)) {
            throw new IllegalArgumentException();
        }
    }

    /** Reads {@code 22:00-06:00}. */
    static QuietHours parse(String text) {
        var ends = text.strip().split("\\s*-\\s*");
        if (ends.length != 2 || !text.matches("[\\d:\\s-]+")) {
            throw new IllegalArgumentException();
        }
        return new QuietHours(time(ends[0]), time(ends[1]));
    }

    private static LocalTime time(String text) {
        if (!text.matches("([01]?\\d|2[0-3]):[0-5]\\d")) {
            throw new IllegalArgumentException();
        }
        return LocalTime.parse(text.length() < 5 ? "0" + text : text);
    }

    /** When they end, if it is one of them now. */
    public Optional<Instant> endAfter(Instant now, ZoneId zone) {
        var here = now.atZone(zone);
        var time = here.toLocalTime();
        var isQuiet = from.isBefore(to)
                ? !time.isBefore(from) && time.isBefore(to)
                : !time.isBefore(from) || time.isBefore(to);
        if (!isQuiet) {
            return Optional.empty();
        }
        var end = here.with(to);
        return Optional.of((end.isAfter(here) ? end : end.plusDays(1)).toInstant());
    }
}
