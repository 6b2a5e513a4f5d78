package com.centrovision.sync.demo.show;

import com.centrovision.sync.problem.Text;
import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A table that is drawn over itself once a second: rows on both sides, changes that wait, and the last events. One
 * write draws it whole, so it does not flicker. Threads share it.
 */
final class LiveTable implements Screen {
    private static final String ESCAPE = "\u001b[";
    private static final String HIDE_CURSOR = ESCAPE + "?25l";
    private static final String SHOW_CURSOR = ESCAPE + "?25h";
    private static final String END_OF_LINE = ESCAPE + "K\n";
    /** Below the words of an event, right of its time and person. */
    private static final String INDENT = " ".repeat(22);

    private static final int FEWEST_EVENTS = 3;
    private static final int MOST_EVENTS = 14;
    private static final int LINES_AROUND = 4;

    private final PrintWriter out;
    private final Locale locale;
    private final BothSides sides;
    private final Deque<String> events = new ArrayDeque<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "demo-screen");
        thread.setDaemon(true);
        return thread;
    });
    private int drawn;

    private LiveTable(PrintWriter out, Locale locale, BothSides sides) {
        this.out = out;
        this.locale = locale;
        this.sides = sides;
    }

    static LiveTable start(PrintWriter out, Locale locale, BothSides sides) {
        var table = new LiveTable(out, locale, sides);
        out.print(HIDE_CURSOR);
        table.clock.scheduleWithFixedDelay(table::draw, 0, 1, TimeUnit.SECONDS);
        return table;
    }

    @Override
    public void tell(Event event) {
        synchronized (events) {
            events.addLast(event.line(locale));
            if (events.size() > MOST_EVENTS) {
                events.removeFirst();
            }
        }
    }

    @Override
    public void close() {
        clock.shutdown();
        try {
            clock.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        draw();
        out.print(SHOW_CURSOR);
        out.flush();
    }

    /** A database that is going away has nothing to show: the table stays as it is. */
    private synchronized void draw() {
        try {
            var size = TerminalSize.ask();
            var lines = lines(sides.figures(), size);
            var frame = new StringBuilder(drawn > 0 ? ESCAPE + drawn + "A\r" : "");
            lines.forEach(line -> frame.append(line).append(END_OF_LINE));
            frame.append(ESCAPE).append("J");
            out.print(frame);
            out.flush();
            drawn = lines.size();
        } catch (RuntimeException gone) {
            out.flush();
        }
    }

    private List<String> lines(Figures figures, TerminalSize size) {
        var status = figures.status();
        var lines = new ArrayList<String>();
        var title = Text.of(
                        "demo.table.mode",
                        Text.of("status.mode." + status.service().mode()),
                        status.pending(),
                        status.conflicts(),
                        status.quarantine())
                .in(locale);
        lines.add(
                coloured(status.service().mode().equals("supabase") ? "1;32" : "1;33", fitted(title, size.columns())));
        var cells = new ArrayList<String>();
        status.tables().stream()
                .filter(table -> figures.cloud().containsKey(table.name()))
                .forEach(table -> cells.add(cell(
                        table.name(),
                        figures.cloud().get(table.name()),
                        figures.clinic().get(table.name()),
                        table.pending())));
        var heading = Text.of("demo.table.heading").in(locale);
        var half = (cells.size() + 1) / 2;
        lines.add(coloured("1", fitted(heading + " " + heading, size.columns())));
        for (int row = 0; row < half; row++) {
            lines.add(cells.get(row) + " " + (row + half < cells.size() ? cells.get(row + half) : ""));
        }
        lines.add("");
        lines.addAll(newestEvents(size, size.rows() - half - LINES_AROUND));
        return lines;
    }

    /** As many of the newest as fit, the newest at the bottom. */
    private List<String> newestEvents(TerminalSize size, int room) {
        var shown = new ArrayDeque<String>();
        synchronized (events) {
            var newest = events.descendingIterator();
            while (newest.hasNext()) {
                var lines = wrapped(newest.next(), size.columns());
                if (shown.size() + lines.size() > Math.max(FEWEST_EVENTS, Math.min(room, MOST_EVENTS))) {
                    break;
                }
                Collections.reverse(lines);
                lines.forEach(shown::addFirst);
            }
        }
        return List.copyOf(shown);
    }

    private static List<String> wrapped(String event, int columns) {
        var lines = new ArrayList<String>();
        var rest = event;
        while (rest.length() >= columns && columns > 2 * INDENT.length()) {
            var blank = rest.lastIndexOf(' ', columns - 1);
            var end = blank > INDENT.length() ? blank : columns - 1;
            lines.add(rest.substring(0, end));
            rest = INDENT + rest.substring(end).strip();
        }
        lines.add(fitted(rest, columns));
        return lines;
    }

    private String cell(String table, long cloud, long clinic, long waiting) {
        var figures = String.format(locale, "%-20s%6d%8d%5d", table, cloud, clinic, waiting);
        return waiting > 0 || cloud != clinic ? coloured("33", figures) : figures;
    }

    private static String fitted(String line, int columns) {
        return line.length() < columns ? line : line.substring(0, columns - 2) + "…";
    }

    private static String coloured(String colour, String text) {
        return ESCAPE + colour + "m" + text + ESCAPE + "0m";
    }
}
