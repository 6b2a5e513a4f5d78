package com.centrovision.sync.soak;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.testing.Image;
import com.centrovision.sync.testing.ImageProcess;
import com.centrovision.sync.testing.Rule;
import com.centrovision.sync.testing.SharedLab;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The shipped service at work under random troubles for {@code -Dsoak.minutes=N}, without which it does not run: it takes no more
 * memory, threads, connections and files at the end than at the beginning, its log does not grow without reason, and
 * both sides become equal. {@code -Dsoak.seed=N} repeats a run's troubles; {@code target/soak.txt} tells what happened.
 */
@EnabledIfSystemProperty(named = "soak.minutes", matches = "\\d+", disabledReason = "a command of its own")
class SoakIT {
    private static final Duration LENGTH = Duration.ofMinutes(Long.getLong("soak.minutes", 0));
    private static final long SEED = Long.getLong("soak.seed", new Random().nextLong());
    private static final Duration BETWEEN_SAMPLES = Duration.ofSeconds(5);
    private static final Path REPORT = Path.of("target/soak.txt");

    private final Lab lab = SharedLab.get();
    private final Random random = new Random(SEED);
    private final List<Sample> samples = new ArrayList<>();
    private final Troubles troubles = new Troubles(lab, new Random(SEED));
    private LabDatabase clinic;
    private Image image;
    private Gauges gauges;
    private ImageProcess service;

    @BeforeEach
    void start() throws IOException {
        lab.resetCloud();
        lab.cloud().generate("soak", 100);
        clinic = lab.newClinic();
        image = Image.of(lab, clinic)
                .set("sync", "interval_seconds", "5")
                .set("sync", "max_delete_rows", "100000")
                .set("sync", "max_delete_percent", "100")
                .keepClasses();
        Files.deleteIfExists(REPORT);
        tell("seed=" + SEED + " minutes=" + LENGTH.toMinutes());
        service = image.start("run");
        gauges = new Gauges(image, clinic);
    }

    @AfterEach
    void heal() {
        troubles.end();
        image.close();
        lab.resetCloud();
    }

    @Test
    @Rule({"1.1", "1.2", "4.5.1"})
    void livesThroughTroublesWithoutTakingMoreAndMore() throws IOException {
        workUntil(Instant.now().plus(LENGTH));
        troubles.end();
        becomesEqual();

        var report = new SoakReport(samples);
        report.lines().forEach(SoakIT::tell);
        assertEquals(List.of(), report.excesses(), () -> "seed " + SEED + ", see " + REPORT);
        assertEquals(0, service.terminate().exitCode());
    }

    /** The process is killed in the first quarter of the time only, so that one of them lives long. */
    private void workUntil(Instant end) throws IOException {
        var kills = Instant.now().plus(LENGTH.dividedBy(4));
        var nextKill = Instant.now().plus(seconds(15, 40));
        var nextTrouble = Instant.now().plus(seconds(5, 15));
        var nextSample = Instant.now().plus(BETWEEN_SAMPLES);
        var isTroubled = false;
        var traffic = new Traffic(lab.cloud(), clinic, random);
        while (Instant.now().isBefore(end)) {
            var now = Instant.now();
            traffic.work();
            if (now.isAfter(nextTrouble)) {
                isTroubled = !isTroubled;
                if (isTroubled) {
                    tell("trouble " + troubles.begin());
                } else {
                    troubles.end();
                }
                nextTrouble = Instant.now().plus(isTroubled ? seconds(2, 10) : seconds(4, 15));
            }
            if (now.isAfter(nextKill) && now.isBefore(kills) && troubles.clinicIsUp()) {
                tell("killed");
                service.kill();
                service = image.start("run");
                nextKill = Instant.now().plus(seconds(20, 120));
                nextSample = Instant.now().plus(BETWEEN_SAMPLES.multipliedBy(2));
            }
            if (now.isAfter(nextSample)) {
                sample();
                nextSample = Instant.now().plus(BETWEEN_SAMPLES);
            }
            pause(random.nextInt(300));
        }
        tell("transactions=" + traffic.transactions());
    }

    private void sample() throws IOException {
        var sample = gauges.read(service.pid(), troubles.clinicIsUp());
        samples.add(sample);
        tell(sample.toString());
    }

    private void becomesEqual() {
        await().atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> {
                    var once = image.run("once");
                    var verify = image.run("verify");
                    assertEquals(0, verify.exitCode(), () -> once.out() + once.err() + verify.out() + verify.err());
                });
    }

    private Duration seconds(int least, int most) {
        return Duration.ofSeconds(least + random.nextInt(most - least));
    }

    private static void tell(String line) {
        try {
            Files.writeString(
                    REPORT, Instant.now() + " " + line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
        System.out.println(line);
    }

    private static void pause(int millis) {
        await().pollDelay(Duration.ofMillis(millis)).until(() -> true);
    }
}
