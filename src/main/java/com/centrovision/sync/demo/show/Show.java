package com.centrovision.sync.demo.show;

import com.centrovision.sync.demo.Fault;
import com.centrovision.sync.demo.show.Event.Who;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.BooleanSupplier;

/** What the demo shows, round after round: work on both sides, a cut line, work without it, and both sides equal. */
public final class Show {
    private static final Locale HONDURAS = Locale.forLanguageTag("es-HN");
    private static final int ACTS_WITH_LINE = 10;
    private static final int ACTS_WITHOUT_LINE = 6;
    private static final int SHORTEST_PAUSE_MILLIS = 900;
    private static final int LONGEST_PAUSE_MILLIS = 1900;
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Stage stage;
    private final BothSides sides;
    private final Screen screen;
    private final Pause pause;
    private final Locale numbers;
    private final Random random;
    private final Worker reception;
    private final Worker doctor;
    private final Findings findings;

    public Show(Stage stage, Screen screen, Pause pause, Locale locale, String seed) {
        this.stage = stage;
        this.sides = stage.sides();
        this.screen = screen;
        this.pause = pause;
        this.numbers = locale.getLanguage().equals("es") ? HONDURAS : locale;
        this.random = new Random(seed.hashCode());
        this.reception = Worker.reception(stage.lab().clinic(), seed);
        this.doctor = Worker.doctor(stage.lab().cloud(), seed);
        this.findings = new Findings(stage.lab().clinic());
    }

    /**
     * Plays so many rounds; says whether both sides were equal at the end of each.
     *
     * @throws InterruptedException when a person has asked it to stop
     */
    public boolean play(int rounds) throws InterruptedException {
        var allEqual = firstLoad();
        for (int round = 1; round <= rounds; round++) {
            tell(Who.SYNC, "demo.round", round);
            workTogether();
            cutTheLine();
            workApart(round % 2 == 1);
            restoreTheLine();
            allEqual &= becomeEqual();
        }
        return allEqual;
    }

    private boolean firstLoad() throws InterruptedException {
        tell(Who.SYNC, "demo.service.starts");
        stage.startService();
        tell(Who.SYNC, "demo.load.starts");
        return becomeEqual();
    }

    private void workTogether() throws InterruptedException {
        for (int act = 0; act < ACTS_WITH_LINE; act++) {
            screen.tell(act % 2 == 0 ? reception.work() : doctor.work());
            rest();
            findings.news().forEach(screen::tell);
        }
    }

    private void cutTheLine() throws InterruptedException {
        stage.lab().gateway().fault(Fault.refuse());
        tell(Who.LINE, "demo.line.cut");
        if (comesTrue(() -> sides.status().service().mode().equals("local"))) {
            tell(Who.SYNC, "demo.mode.local");
        }
    }

    /** The doctor goes on elsewhere, with the cloud; now one of the two, now the other is the last to write. */
    private void workApart(boolean doctorIsLast) throws InterruptedException {
        for (int act = 0; act < ACTS_WITHOUT_LINE; act++) {
            screen.tell(act % 3 < 2 ? reception.work() : doctor.work());
            rest();
        }
        var patient = findings.somePatient(random.nextLong());
        for (var worker : doctorIsLast ? List.of(reception, doctor) : List.of(doctor, reception)) {
            screen.tell(worker.changesPhone(patient));
            rest();
        }
        tell(Who.SYNC, "demo.waiting", sides.status().pending());
    }

    private void restoreTheLine() throws InterruptedException {
        stage.lab().gateway().heal();
        tell(Who.LINE, "demo.line.restored");
        if (comesTrue(() -> sides.status().service().mode().equals("supabase"))) {
            tell(Who.SYNC, "demo.mode.supabase");
        }
    }

    private boolean becomeEqual() throws InterruptedException {
        var since = Instant.now();
        var isEqual =
                comesTrue(() -> sides.status().pending() == 0 && sides.compare().isEqual());
        findings.news().forEach(screen::tell);
        var comparison = sides.compare();
        if (isEqual) {
            var seconds = String.format(
                    numbers, "%.1f", Duration.between(since, Instant.now()).toMillis() / 1000.0);
            tell(Who.SYNC, "demo.equal", comparison.tables(), number(comparison.rows()), seconds);
        } else {
            var status = sides.status();
            tell(
                    Who.SYNC,
                    "demo.different",
                    String.join(", ", comparison.different()),
                    status.pending(),
                    status.quarantine());
        }
        return isEqual;
    }

    private boolean comesTrue(BooleanSupplier wish) throws InterruptedException {
        var deadline = Instant.now().plus(PATIENCE);
        while (!wish.getAsBoolean()) {
            if (Instant.now().isAfter(deadline)) {
                return false;
            }
            pause.rest(LOOK);
        }
        return true;
    }

    private void rest() throws InterruptedException {
        pause.rest(Duration.ofMillis(
                SHORTEST_PAUSE_MILLIS + random.nextInt(LONGEST_PAUSE_MILLIS - SHORTEST_PAUSE_MILLIS)));
    }

    private void tell(Who who, String key, Object... arguments) {
        screen.tell(Event.now(who, key, arguments));
    }

    private String number(long value) {
        return String.format(numbers, "%,d", value);
    }
}
