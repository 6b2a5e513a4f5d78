package com.centrovision.sync.crash;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.centrovision.sync.config.CloudMode;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.runtime.SyncService;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.CloudFile;
import com.centrovision.sync.testing.Image;
import com.centrovision.sync.testing.Rule;
import com.centrovision.sync.testing.SharedLab;
import com.centrovision.sync.testing.Sides;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Protocol 1: the real process is killed before and after every request and every commit of both directions. What it
 * leaves behind is finished by the next one: nothing is lost, nothing happens twice, no conflict appears that is none.
 * Points marked (assisted) are those of a process that works through the cloud's optional functions.
 *
 * <p>{@code -Dkill.point=conflict} takes the points whose names begin so, {@code all} also those that a usual run leaves
 * out because others are near.
 */
class KillPointsIT {
    private static final Lab LAB = SharedLab.get();
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final Map<Beginning, LabDatabase> BEGINNINGS = new HashMap<>();
    private static Image image;
    private static int clinics;

    private record Beginning(Work.Start start, CloudMode way) {}

    static List<KillPoint> points() {
        var wanted = Optional.ofNullable(System.getProperty("kill.point"));
        return KillPoints.all().stream()
                .filter(point -> wanted.map(
                                name -> name.equals("all") || point.name().startsWith(name))
                        .orElse(!point.isThorough()))
                .toList();
    }

    @BeforeAll
    static void prepare() {
        CloudFile.install(LAB);
        image = Image.of(LAB, LAB.newClinic())
                .onlyTables(KillPoints.TABLES)
                .parameter("service_categories", "conflicts", "merge")
                .keepClasses();
        watchTheCloud();
    }

    /** Writes down what the service does to the cloud's rows. */
    private static void watchTheCloud() {
        LAB.cloud()
                .execute(
                        """
                        create table effects (id bigserial primary key, effect text);
                        create function note_effect() returns trigger language plpgsql security definer as $$
                        begin
                          if session_user = 'authenticator' then
                            insert into public.effects (effect) values (tg_op || ' ' || tg_table_name);
                          end if;
                          return null;
                        end
                        $$
                        """);
        for (var table : KillPoints.TABLES) {
            LAB.cloud()
                    .execute("create trigger note_effect after insert or update or delete on " + table
                            + " for each row execute function note_effect()");
        }
    }

    private static LabDatabase beginning(Work.Start start, CloudMode way) throws InterruptedException {
        var beginning = new Beginning(start, start == Work.Start.LOADED ? way : CloudMode.REST);
        if (!BEGINNINGS.containsKey(beginning)) {
            BEGINNINGS.put(beginning, prepared(beginning));
        }
        return BEGINNINGS.get(beginning);
    }

    private static LabDatabase prepared(Beginning beginning) throws InterruptedException {
        commonRows();
        var clinic = LAB.newClinic();
        switch (beginning.start()) {
            case BARE -> {}
            case INSTALLED -> install(clinic);
            case MARKED -> {
                clinic.execute(KillPoints.OWN_ROWS);
                install(clinic);
            }
            case LOADED -> {
                try (var service = start(clinic, beginning.way())) {
                    assertEquals(ExitCode.OK, service.pass().exitCode());
                }
            }
        }
        return clinic;
    }

    private static void install(LabDatabase clinic) {
        try (var service =
                new SyncService(ClinicService.config(LAB, clinic), image.home(), SyncService.Mode.ON_DEMAND)) {
            service.init();
        }
    }

    private static ClinicService start(LabDatabase clinic, CloudMode way) {
        return ClinicService.start(
                image.home(),
                ClinicService.withMode(ClinicService.config(LAB, clinic), way),
                SyncService.Mode.ON_DEMAND);
    }

    /** The cloud as every work finds it; how it became so is not in its list of changes. */
    private static void commonRows() {
        LAB.resetCloud();
        LAB.cloud().execute(KillPoints.COMMON_ROWS + "; delete from centrovision_sync.change");
    }

    @AfterAll
    static void leaveTheCloudAsItWas() {
        LAB.resetCloud();
        LAB.cloud()
                .execute(
                        """
                        drop table effects;
                        drop function note_effect cascade;
                        alter table crm_pipelines drop constraint if exists una
                        """);
        CloudFile.restore(LAB);
        image.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("points")
    @Rule({"1.1", "3.3.1", "4.3.1", "4.3.2"})
    void theNextProcessFinishesWhatAKilledOneLeft(KillPoint point) throws SQLException, InterruptedException {
        var clinic = copyOf(beginning(point.work().start(), point.way()));
        commonRows();
        try (var scene = new Scene(LAB, clinic)) {
            point.work().given().accept(scene);
            killAt(point, scene);
            finish(point, scene);
        } finally {
            LAB.clinic().execute("drop database " + clinic.name() + " with (force)");
        }
    }

    private static LabDatabase copyOf(LabDatabase template) {
        var name = "killed_" + ++clinics;
        await().atMost(LONGEST).until(() -> LAB.clinic()
                .query("select from pg_stat_activity where datname = ?", template.name())
                .isEmpty());
        LAB.clinic().execute("create database " + name + " template " + template.name());
        return new LabDatabase(template.host(), template.port(), name, template.user(), template.password());
    }

    private static void killAt(KillPoint point, Scene scene) throws SQLException {
        try (var stop = point.stop().arm(scene)) {
            var process = image.set(
                            "sync", "mode", Image.quoted(point.way().name().toLowerCase(Locale.ROOT)))
                    .set(
                            "local_postgres",
                            "database",
                            Image.quoted(scene.clinic().name()))
                    .start("run");
            await().atMost(LONGEST)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> stop.isReached() || !process.isAlive());
            assertEquals(true, process.isAlive(), process::err);
            point.work().meanwhile().accept(scene);
            process.kill();
            stop.settle();
        }
        await().atMost(LONGEST).until(() -> scene.clinic()
                .query(
                        """
                        select from pg_stat_activity
                        where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()
                        """)
                .isEmpty());
    }

    private static void finish(KillPoint point, Scene scene) throws InterruptedException {
        var work = point.work();
        try (var service = start(scene.clinic(), point.way())) {
            if (work.leavesARowInTheQuarantine()) {
                assertEquals(ExitCode.FINDINGS, service.pass().exitCode());
                assertEquals(1, unsynced(scene));
                assertEquals(1, scene.clinic().count("_sync_quarantine"));
                work.remedy().accept(scene);
            }
            for (int pass = 0; pass < 3 && service.pass().exitCode() != ExitCode.OK; pass++) {}
        }
        for (var table : KillPoints.TABLES) {
            Sides.of(LAB, scene.clinic()).assertEqual(table);
        }
        assertEquals(work.effects(), effects());
        assertEquals(0, unsynced(scene));
        assertEquals(0, scene.clinic().count("_sync_quarantine"));
        if (work.needsNoComparison()) {
            assertEquals(0, scene.clinic().count("_sync_metadata where compared_at is not null"));
        }
        assertEquals(work.conflicts(), scene.clinic().count("_conflicts"));
        assertEquals(true, LAB.cloud().value("select " + work.stands()).orElseThrow(), work.stands());
    }

    private static int unsynced(Scene scene) {
        return scene.clinic()
                .query("select from _sync_pending where not synced")
                .size();
    }

    private static List<String> effects() {
        return LAB.cloud().query("select effect from effects order by effect").stream()
                .map(row -> row.get("effect").toString())
                .toList();
    }
}
