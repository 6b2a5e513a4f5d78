package com.centrovision.sync.soak;

import com.centrovision.sync.demo.Fault;
import com.centrovision.sync.demo.Lab;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** What goes wrong around the service: one trouble at a time, each over after some seconds. */
final class Troubles {
    private final Lab lab;
    private final Random random;
    private Runnable remedy = () -> {};
    private boolean clinicIsUp = true;

    Troubles(Lab lab, Random random) {
        this.lab = lab;
        this.random = random;
    }

    boolean clinicIsUp() {
        return clinicIsUp;
    }

    /** Ends the trouble that there is. */
    void end() {
        remedy.run();
        remedy = () -> {};
    }

    /** Begins another one, and says which. */
    String begin() {
        return switch (random.nextInt(14)) {
            case 0 -> line("answers lost", Fault.loseAnswer().times(5));
            case 1 ->
                line("answers cut", Fault.cutAfterBytes(random.nextInt(2000)).times(10));
            case 2 -> line("503", Fault.status(503));
            case 3 -> line("429", Fault.status(429, Duration.ofSeconds(2)).times(5));
            case 4 -> line("captive portal", Fault.captivePortal());
            case 5 -> line("black hole", Fault.blackHole());
            case 6 -> line("refused", Fault.refuse());
            case 7 -> line("slow answers", Fault.delay(Duration.ofMillis(700)));
            case 8 -> line("slow line", Fault.slowLine(20_000));
            case 9 -> line("401", Fault.unauthorized().times(10));
            case 10 -> line("wrong clock", Fault.dateOffset(Duration.ofMinutes(random.nextInt(10))));
            case 11 -> line("held answers", Fault.holdAnswer().times(3));
            case 12 -> frozenCloud();
            default -> clinicDown();
        };
    }

    private String line(String name, Fault fault) {
        lab.gateway().fault(fault);
        remedy = lab.gateway()::heal;
        return name;
    }

    private String frozenCloud() {
        signalPostgrest("STOP");
        remedy = () -> signalPostgrest("CONT");
        return "cloud frozen";
    }

    private String clinicDown() {
        clinicIsUp = false;
        lab.stopClinic();
        remedy = () -> {
            lab.startClinic();
            clinicIsUp = true;
        };
        return "clinic down";
    }

    private static void signalPostgrest(String signal) {
        ProcessHandle.current()
                .children()
                .filter(child -> child.info().command().orElse("").endsWith("/postgrest"))
                .forEach(postgrest -> signal(postgrest.pid(), signal));
    }

    private static void signal(long pid, String signal) {
        try {
            new ProcessBuilder(List.of("kill", "-" + signal, String.valueOf(pid)))
                    .start()
                    .waitFor();
        } catch (IOException unstartable) {
            throw new UncheckedIOException(unstartable);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
