package com.centrovision.sync.cli;

import com.centrovision.sync.down.PassListener;
import com.centrovision.sync.problem.Text;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/** A line for each table that brings rows, at most one a second: rows, rows a second, share done. Threads share it. */
final class ProgressLines implements PassListener {
    private static final Duration PACE = Duration.ofSeconds(1);

    private final PrintWriter out;
    private final Locale locale;
    private final Map<String, Instant> printed = new ConcurrentHashMap<>();

    ProgressLines(PrintWriter out, Locale locale) {
        this.out = out;
        this.locale = locale;
    }

    @Override
    public void progress(String table, long rows, OptionalLong total, boolean ended, Instant startedAt) {
        var now = Instant.now();
        var last = printed.getOrDefault(table, startedAt);
        if (rows == 0 || !ended && last.plus(PACE).isAfter(now)) {
            return;
        }
        printed.put(table, now);
        var seconds = Math.max(0.001, Duration.between(startedAt, now).toMillis() / 1000.0);
        var rate = Math.round(rows / seconds);
        var share = ended
                ? "100 %"
                : total.isPresent() ? Math.min(99, 100 * rows / Math.max(1, total.getAsLong())) + " %" : "";
        synchronized (out) {
            out.println(Text.of(
                            "once.progress",
                            String.format(locale, "%-22s", table),
                            String.format(locale, "%,10d", rows),
                            String.format(locale, "%,8d", rate),
                            share)
                    .in(locale)
                    .stripTrailing());
            out.flush();
        }
    }
}
