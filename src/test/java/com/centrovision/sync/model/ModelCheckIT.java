package com.centrovision.sync.model;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.centrovision.sync.demo.GatewayRequest;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.runtime.SyncService;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.CloudFile;
import com.centrovision.sync.testing.Image;
import com.centrovision.sync.testing.ImageProcess;
import com.centrovision.sync.testing.Rule;
import com.centrovision.sync.testing.SharedLab;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Protocol 1: programs of both sides work at random on the same rows while the line misbehaves and the process is killed
 * and restarted. Nothing is lost, both sides become equal, nothing is sent twice, no winner is silent: over plain REST,
 * through the optional functions of the cloud, and where those come and go in the middle.
 *
 * <p>{@code -Dmodel.seed=N} plays one seed again, {@code -Dmodel.minutes=N} plays new ones for so long or until one fails.
 */
class ModelCheckIT {
    private static final int STEPS = 160;
    private static final Duration QUIET = Duration.ofSeconds(120);
    private static final Lab LAB = SharedLab.get();
    private static Image image;
    private static boolean failed;

    private LabDatabase clinic;
    private Ledger ledger;

    static LongStream seeds() {
        var seed = Optional.ofNullable(Long.getLong("model.seed"));
        var minutes = Optional.ofNullable(Long.getLong("model.minutes"));
        if (seed.isPresent()) {
            return LongStream.of(seed.get());
        }
        if (minutes.isPresent()) {
            var end = Instant.now().plus(Duration.ofMinutes(minutes.get()));
            return new Random()
                    .longs()
                    .takeWhile(next -> !failed && Instant.now().isBefore(end));
        }
        return LongStream.of(1, 2, 3);
    }

    @BeforeAll
    static void unpack() {
        image = Image.of(LAB, LAB.newClinic())
                .onlyTables(Arrays.stream(ModelTable.values())
                        .map(ModelTable::table)
                        .toList())
                .parameter("crm_leads", "conflicts", "merge")
                .keepClasses();
    }

    @AfterAll
    static void close() {
        image.close();
    }

    @BeforeEach
    void watchedSides() {
        CloudFile.remove(LAB);
        LAB.resetCloud();
        clinic = LAB.newClinic();
        image.set("local_postgres", "database", Image.quoted(clinic.name()));
        ledger = new Ledger(LAB.cloud(), clinic);
    }

    @AfterEach
    void unwatchedCloud() {
        LAB.gateway().heal();
        ledger.close();
        LAB.resetCloud();
        CloudFile.restore(LAB);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @Rule({"1.1", "1.2", "1.3", "1.4"})
    void nothingIsLostAndBothSidesBecomeEqual(long seed) throws InterruptedException {
        say("seed " + seed);
        var passed = false;
        try {
            play(seed);
            passed = true;
        } finally {
            failed |= !passed;
            say(passed ? "passed" : "FAILED: replay with -Dmodel.seed=" + seed);
        }
    }

    private static void say(String line) {
        if (Long.getLong("model.minutes") != null) {
            System.out.println(Instant.now() + " " + line);
        }
    }

    private void play(long seed) throws InterruptedException {
        var random = new Random(seed);
        var inTheCloud = Program.ofTheCloud(LAB.cloud(), random);
        var inTheClinic = Program.ofTheClinic(clinic, random);
        try {
            inTheCloud.chooseStamps();
            inTheClinic.chooseStamps();
            quietRows();
            work(random, inTheCloud, inTheClinic, Way.of(LAB, seed, STEPS)).terminate();
        } finally {
            inTheCloud.restoreStamps();
        }
        assertEquals(Set.of(), ledger.unaccounted(), () -> "seed " + seed);
        assertNoEcho(seed);
    }

    private static void quietRows() {
        for (var table : ModelTable.values()) {
            LAB.cloud()
                    .execute(table.insert(
                            table.quietKey(),
                            table.parent().map(ModelTable::quietKey).orElse(""),
                            "quieto"));
        }
    }

    private ImageProcess work(Random random, Program inTheCloud, Program inTheClinic, Way way) {
        var weather = new Weather(LAB.gateway(), random);
        way.begins();
        var process = image.start("run");
        for (int step = 0; step < STEPS; step++) {
            if (way.changes(step)) {
                await().until(() -> clinic.query("select to_regclass('_sync_request') as made")
                                .get(0)
                                .get("made")
                        != null);
                askForAFullPass();
            }
            (random.nextBoolean() ? inTheCloud : inTheClinic).work(step);
            if (random.nextInt(10) == 0) {
                weather.changes();
            }
            if (random.nextInt(50) == 0) {
                if (random.nextInt(3) == 0) {
                    process.terminate();
                } else {
                    process.kill();
                }
                process = image.start("run");
            }
            pause(random.nextInt(160));
        }
        LAB.gateway().heal();
        await().atMost(QUIET).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
            askForAFullPass();
            assertEquals(List.of(), ledger.waiting());
            assertEquals(Set.of(), ledger.different());
        });
        return process;
    }

    /** As {@code once} does: counts are compared, what the cloud deleted is found, and which way it can be worked with. */
    private void askForAFullPass() {
        clinic.execute("insert into _sync_request (kind) select 'full-pass' "
                + "where not exists (select from _sync_request where done_at is null)");
    }

    private static void pause(int millis) {
        await().pollDelay(Duration.ofMillis(millis)).until(() -> true);
    }

    /** With both sides quiet, a pass sends nothing, applies nothing and notes nothing. */
    private void assertNoEcho(long seed) throws InterruptedException {
        try (var service =
                ClinicService.start(image.home(), ClinicService.config(LAB, clinic), SyncService.Mode.ON_DEMAND)) {
            service.pass();
            LAB.gateway().clearLog();
            var before = notes();

            service.pass();

            assertEquals(before, notes(), () -> "seed " + seed);
            assertEquals(List.of(), writes(), () -> "seed " + seed);
            assertEquals(Set.of(), ledger.different(), () -> "seed " + seed);
        }
    }

    /** Only what the quarantine holds may be tried again; the cloud's function is asked for no table by its address. */
    private List<String> writes() {
        var refused = new HashSet<>(ledger.quarantinedTables());
        if (!refused.isEmpty()) {
            refused.add("/rpc/sync_push");
        }
        return LAB.gateway().requests().stream()
                .filter(GatewayRequest::isWrite)
                .map(request -> request.method() + " " + request.path())
                .filter(request -> refused.stream().noneMatch(request::contains))
                .toList();
    }

    private List<Object> notes() {
        return Stream.of("_sync_pending", "_conflicts", "_sync_log where status = 'SUCCESS'")
                .<Object>map(clinic::count)
                .toList();
    }
}
