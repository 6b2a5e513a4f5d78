package com.centrovision.sync.up;

import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/**
 * How many requests go up at once, found by trying: more as long as that brings more answers a second; fewer when answers
 * take twice as long, as long as that costs none; half when the cloud cannot be worked with. Threads share it.
 */
public final class UpWidth {
    private static final int FIRST = 8;
    private static final int LEAST = 2;
    private static final double GAIN = 1.1;
    private static final double LOSS = 0.9;
    private static final double MUCH_LONGER = 2;
    private static final double REMEMBERED = 0.9;
    private static final int REST = 20;

    private enum Step {
        NONE,
        WIDER,
        NARROWER
    }

    private final int most;
    private final IntConsumer setter;
    private final LongSupplier nanos;
    private int width;
    private int answers;
    private long waited;
    private boolean settled;
    private Step step = Step.NONE;
    private int widthBefore;
    private double rateBefore;
    private double usual;
    private int rest;

    /**
     * @param setter hears of each other width
     * @param nanos a clock that nobody sets
     */
    public UpWidth(int most, IntConsumer setter, LongSupplier nanos) {
        this.most = most;
        this.setter = setter;
        this.nanos = nanos;
        this.width = Math.min(FIRST, most);
    }

    public synchronized int width() {
        return width;
    }

    /** Called before a request. */
    public void asks(Exchange exchange) {
        exchange.setVariable("askedAt", nanos.getAsLong());
    }

    /** Called after its answer. As many answers as go at once are one measurement; connections are made in the first. */
    public synchronized void answered(@Variable("askedAt") long askedAt) {
        waited += nanos.getAsLong() - askedAt;
        answers++;
        if (answers < width) {
            return;
        }
        if (settled) {
            measured((double) waited / answers);
        }
        settled = true;
        answers = 0;
        waited = 0;
    }

    /** The cloud does not answer, or has too much to do. */
    public synchronized void refused() {
        stay(width / 2);
    }

    private void measured(double mean) {
        var rate = width / mean;
        switch (step) {
            case WIDER -> {
                if (rate > GAIN * rateBefore) {
                    widen(rate);
                } else {
                    stay(widthBefore);
                }
            }
            case NARROWER -> {
                if (rate > LOSS * rateBefore) {
                    narrow(rate);
                } else {
                    stay(widthBefore);
                }
            }
            case NONE -> {
                usual = usual == 0 ? mean : usual * REMEMBERED + mean * (1 - REMEMBERED);
                rest--;
                if (mean > MUCH_LONGER * usual) {
                    narrow(rate);
                } else if (rest < 0) {
                    widen(rate);
                }
            }
        }
    }

    private void widen(double rate) {
        tries(Step.WIDER, width + Math.max(1, width / 2), rate);
    }

    private void narrow(double rate) {
        tries(Step.NARROWER, width * 3 / 4, rate);
    }

    private void tries(Step next, int wanted, double rate) {
        widthBefore = width;
        rateBefore = rate;
        become(wanted);
        step = width == widthBefore ? Step.NONE : next;
    }

    private void stay(int wanted) {
        step = Step.NONE;
        rest = REST;
        usual = 0;
        become(wanted);
    }

    private void become(int wanted) {
        var before = width;
        width = Math.min(most, Math.max(Math.min(LEAST, most), wanted));
        if (width != before) {
            settled = false;
            usual = 0;
            setter.accept(width);
        }
    }
}
