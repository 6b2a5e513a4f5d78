package com.centrovision.sync.load;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.testing.Image;
import com.centrovision.sync.testing.ImageProcess;
import com.centrovision.sync.testing.ProcessGauges;
import com.centrovision.sync.testing.Rule;
import com.centrovision.sync.testing.SharedLab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A clinic comes back after a week, with {@code -Dload.rows=N} changes on each side: the shipped service works them off
 * in its default memory, and what people do meanwhile is not kept waiting. {@code target/load.txt} has the figures.
 */
class BacklogLoadIT {
    private static final int ROWS = Integer.getInteger("load.rows", 1500);
    private static final Duration LONGEST = Duration.ofSeconds(60).plus(Duration.ofMillis(40L * ROWS));
    private static final int MOST_ARRIVALS = 10;
    private static final Path REPORT = Path.of("target/load.txt");

    private final Lab lab = SharedLab.get();
    private final WeekOffline week = new WeekOffline(ROWS);
    private final List<String> report = new ArrayList<>();
    private final List<Arrival> arrivals = new ArrayList<>();
    private long peakHeap;
    private long peakMemory;

    /** @param left the changes that waited when it was made */
    private record Arrival(String id, Instant at, long left) {}

    @Test
    @Rule({"1.1", "1.2", "4.2.9"})
    void aWeekOfflineIsWorkedOffInTheDefaultMemory() throws IOException {
        lab.resetCloud();
        week.before(lab.cloud());
        var clinic = lab.newClinic();
        try (var image =
                Image.of(lab, clinic).set("sync", "interval_seconds", "5").environment("JAVA_OPTS", "")) {
            var start = Instant.now();
            var first = image.start("run");
            await().atMost(LONGEST).pollInterval(Duration.ofSeconds(1)).until(() -> isLoaded(first, clinic));
            say("first load", start);
            first.terminate();
            week.inTheCloud(lab.cloud());
            week.inTheClinic(clinic);
            report.add("rows=%d pending=%d".formatted(ROWS, waiting(clinic)));

            start = Instant.now();
            var service = image.start("run");
            workOff(service, clinic);
            say("worked off", start);
            var verify = image.start("verify");
            await().atMost(LONGEST).until(() -> !verify.isAlive());

            assertEquals(0, verify.await().exitCode(), verify::out);
            assertTrue(service.isAlive());
            assertTrue(clinic.count("_conflicts") <= ROWS / 100, "conflicts");
            report.add("conflicts=%d peak_heap_mb=%d peak_memory_mb=%d"
                    .formatted(clinic.count("_conflicts"), peakHeap >> 20, peakMemory >> 20));
            service.err().lines().filter(line -> line.contains("catching up")).forEach(report::add);
        } finally {
            Files.write(REPORT, report);
            lab.resetCloud();
        }
    }

    private static boolean isLoaded(ImageProcess service, LabDatabase clinic) {
        assertTrue(service.isAlive(), service::err);
        return clinic.value("select to_regclass('_sync_metadata')").isPresent()
                && clinic.count("_sync_metadata where active") > 0
                && clinic.count("_sync_metadata where active and loaded_at is null") == 0;
    }

    /** Meanwhile an appointment is made now and then, for a patient in the middle of what waits. */
    private void workOff(ImageProcess service, LabDatabase clinic) throws IOException {
        var deadline = Instant.now().plus(LONGEST);
        var open = new ArrayList<Arrival>();
        while (waiting(clinic) > 0 || !open.isEmpty()) {
            assertTrue(service.isAlive(), service::err);
            assertTrue(Instant.now().isBefore(deadline), () -> "left " + waiting(clinic));
            measure(service);
            if (open.isEmpty() && arrivals.size() < MOST_ARRIVALS && waiting(clinic) > 0) {
                open.add(appointment(clinic));
            }
            open.removeIf(this::hasArrived);
            await().pollDelay(Duration.ofMillis(500)).until(() -> true);
        }
    }

    private Arrival appointment(LabDatabase clinic) {
        var id = clinic.value(
                        """
                        insert into appointments (patient_id, starts_at)
                        values (('00000000-0000-0002-0000-' || lpad(?::text, 12, '0'))::uuid, now())
                        returning id::text
                        """,
                        ROWS / 5)
                .orElseThrow();
        var arrival = new Arrival(id.toString(), Instant.now(), waiting(clinic));
        arrivals.add(arrival);
        return arrival;
    }

    private boolean hasArrived(Arrival arrival) {
        var isThere = lab.cloud().count("appointments where id = '" + arrival.id() + "'") == 1;
        if (isThere) {
            report.add("new appointment seconds=%.1f waiting_then=%d".formatted(seconds(arrival.at()), arrival.left()));
        }
        return isThere;
    }

    private void measure(ImageProcess service) throws IOException {
        peakHeap = Math.max(peakHeap, ProcessGauges.heap(service.pid()));
        peakMemory = Math.max(peakMemory, ProcessGauges.memory(service.pid()));
    }

    private void say(String what, Instant start) {
        report.add("%s seconds=%.0f".formatted(what, seconds(start)));
    }

    private static double seconds(Instant start) {
        return Duration.between(start, Instant.now()).toMillis() / 1000.0;
    }

    private static long waiting(LabDatabase clinic) {
        return clinic.count("_sync_pending where not synced");
    }
}
