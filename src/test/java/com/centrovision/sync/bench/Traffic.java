package com.centrovision.sync.bench;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What went over a line, seen at the clinic's end. Threads share it. */
final class Traffic {
    private static final int FIRST_LINE = 300;
    private static final int MOST_QUESTIONS = 1000;

    private final List<Moment> moments = new ArrayList<>();
    private final Set<String> questions = new HashSet<>();
    private int changing;
    private int mostChanging;

    private record Moment(long nanos, int bytes) {}

    /** Traffic with silence before and after it. */
    record Burst(Duration length, long bytes) {}

    synchronized void add(int bytes) {
        moments.add(new Moment(System.nanoTime(), bytes));
    }

    /** A request begins with these bytes. Returns whether it is to change something. */
    synchronized boolean asks(byte[] start) {
        var firstLine = new String(start, 0, Math.min(start.length, FIRST_LINE), StandardCharsets.US_ASCII);
        if (questions.size() < MOST_QUESTIONS) {
            questions.add(firstLine.lines().findFirst().orElse(""));
        }
        if (firstLine.startsWith("GET ")) {
            return false;
        }
        changing++;
        mostChanging = Math.max(mostChanging, changing);
        return true;
    }

    synchronized void isChanged() {
        changing--;
    }

    synchronized void clear() {
        moments.clear();
        questions.clear();
        mostChanging = changing;
    }

    void addTo(Figures figures, String work, int rows) {
        figures.add(work + ": bytes over the line", "bytes/row", (double) bytes() / rows);
    }

    /** How many requests that change something were under way at once, at most. */
    synchronized int mostChanging() {
        return mostChanging;
    }

    synchronized boolean asked(String text) {
        return questions.stream().anyMatch(question -> question.contains(text));
    }

    synchronized long bytes() {
        return moments.stream().mapToLong(Moment::bytes).sum();
    }

    synchronized List<Burst> bursts(Duration silence) {
        var bursts = new ArrayList<Burst>();
        for (int first = 0; first < moments.size(); ) {
            int last = first;
            long bytes = moments.get(first).bytes();
            while (last + 1 < moments.size()
                    && moments.get(last + 1).nanos() - moments.get(last).nanos() < silence.toNanos()) {
                last++;
                bytes += moments.get(last).bytes();
            }
            bursts.add(new Burst(
                    Duration.ofNanos(
                            moments.get(last).nanos() - moments.get(first).nanos()),
                    bytes));
            first = last + 1;
        }
        return bursts;
    }
}
