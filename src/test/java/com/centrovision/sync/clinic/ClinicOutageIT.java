package com.centrovision.sync.clinic;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.centrovision.sync.demo.Fault;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.LogLines;
import com.centrovision.sync.testing.Rule;
import com.centrovision.sync.testing.SharedLab;
import com.centrovision.sync.testing.Sides;
import com.centrovision.sync.testing.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Protocol 1 and 5: the clinic's own database stops, hangs, fills up or lets nobody in. The running service says so in a
 * few lines, and goes on by itself.
 */
class ClinicOutageIT {
    private static final String[] TABLES = {"crm_pipelines"};
    private static final int HANDFUL = 6;

    private final Lab lab = SharedLab.get();
    private LabDatabase clinic;
    private Optional<ClinicService> service = Optional.empty();
    private LogLines log;

    @BeforeEach
    void emptySides() {
        lab.resetCloud();
        clinic = lab.newClinic();
        log = LogLines.record();
    }

    @AfterEach
    void stop() {
        lab.gateway().heal();
        service.ifPresent(ClinicService::close);
        log.close();
    }

    private ClinicService running() {
        var started = ClinicService.continuous(lab, clinic, TABLES);
        service = Optional.of(started);
        lab.cloud().execute("insert into crm_pipelines (name) values ('primera')");
        soon().until(() -> clinic.count("crm_pipelines") == 1);
        log.clear();
        return started;
    }

    private void bothDirectionsRun() {
        clinic.execute("insert into crm_pipelines (name) values ('de la clínica')");
        lab.cloud().execute("insert into crm_pipelines (name) values ('de la nube')");
        var rows = lab.cloud().count("crm_pipelines") + 1;
        soon().untilAsserted(() -> {
            assertTrue(clinic.count("crm_pipelines") >= rows - 1);
            assertEquals(0, clinic.count("_sync_pending where not synced"));
            Sides.of(lab, clinic).assertEqual("crm_pipelines");
        });
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptions();
    }

    private static void pass(Duration time) {
        await().atMost(time.plusSeconds(5)).pollDelay(time).until(() -> true);
    }

    private void requireHandful() {
        requireAtMost(HANDFUL);
    }

    private void requireAtMost(int lines) {
        assertTrue(log.lines().size() <= lines, () -> String.join("\n", log.lines()));
    }

    @Test
    @Rule("5.7")
    void aServerThatHangsIsNoticedWhenItStopsAnsweringAndNothingIsDoneTwice() {
        var running = running();
        lab.gateway().fault(Fault.refuse());
        soon().until(() -> running.state().mode().equals("local"));
        var processes = lab.clinicProcesses().stream().map(ProcessHandle::pid).toList();

        Signals.freeze(processes);
        try {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> running.state().mode().equals("offline"));
        } finally {
            Signals.wake(processes);
        }
        lab.gateway().heal();

        bothDirectionsRun();
        assertEquals(1, log.with("clinic database problem=CV-CLINIC-01").size(), () -> String.join("\n", log.lines()));
        assertEquals(1, log.with("clinic database works again").size(), () -> String.join("\n", log.lines()));
        assertEquals(List.of(), log.with("standby"));
    }

    @Test
    @Rule("5.7")
    void aServerThatIsDownIsToldInAHandfulOfLines() {
        var running = running();

        lab.killClinic();
        try {
            soon().until(() -> running.clinicProblem().isPresent());
            pass(Duration.ofSeconds(20));
            requireHandful();
        } finally {
            lab.startClinic();
        }

        bothDirectionsRun();
        assertEquals(Optional.empty(), running.clinicProblem());
    }

    @Test
    @Rule("5.7")
    void whatLetsNobodyInIsToldByItsNameAndPasses() throws SQLException {
        var running = running();
        clinic.execute("alter database " + clinic.name() + " set default_transaction_read_only = on");
        endThePool();
        soon().until(() -> running.clinicProblem().equals(Optional.of(ProblemCode.CLINIC_READ_ONLY)));
        lab.clinic().execute("alter database " + clinic.name() + " reset default_transaction_read_only");
        soon().until(() -> running.clinicProblem().isEmpty());

        var programs = new ArrayList<Connection>();
        var rounds = new AtomicInteger();
        try {
            openAll(programs);
            soon().until(() -> {
                rounds.incrementAndGet();
                endThePool(programs.get(0));
                openAll(programs);
                return running.clinicProblem().equals(Optional.of(ProblemCode.CLINIC_NO_CONNECTION_LEFT));
            });
        } finally {
            for (var program : programs) {
                program.close();
            }
        }

        bothDirectionsRun();
        assertEquals(Optional.empty(), running.clinicProblem());
        requireAtMost(HANDFUL + 2 * rounds.get()); // each round may let it in for a moment
    }

    private void openAll(List<Connection> programs) {
        try {
            while (true) {
                programs.add(clinic.connect());
            }
        } catch (SQLException refused) {
            assertEquals("53300", refused.getSQLState());
        }
    }

    private void endThePool() throws SQLException {
        try (var program = clinic.connect()) {
            endThePool(program);
        }
    }

    /** The lock's connection stays. */
    private static void endThePool(Connection program) throws SQLException {
        try (var statement = program.createStatement()) {
            statement.execute(
                    """
                    select pg_terminate_backend(pid)
                    from pg_stat_activity a
                    where application_name = 'centrovision-sync'
                      and datname = current_database()
                      and not exists (
                        select from pg_locks l where l.pid = a.pid and l.locktype = 'advisory' and l.mode = 'ExclusiveLock'
                      )
                    """);
        }
    }

    @Test
    @Rule("5.7")
    void aFullDiskIsToldAndEverythingArrivesWhenThereIsRoom() throws IOException, InterruptedException {
        try (var disk = SmallDisk.mount(64)) {
            lab.clinic().execute("create tablespace small location '" + disk.tablespace() + "'");
            try {
                moveTo("small");
                var running = running();
                lab.clinic().execute("checkpoint");
                disk.fill();
                lab.cloud()
                        .execute(
                                "insert into crm_pipelines (name) select 'nube ' || n from generate_series(1, 3000) n");
                soon().until(() -> running.clinicProblem().equals(Optional.of(ProblemCode.CLINIC_DISK_FULL)));
                lab.cloud()
                        .execute(
                                "update crm_pipelines set name = 'primera otra vez', updated_at = now() where name = 'primera'");
                requireHandful();

                disk.free();

                bothDirectionsRun();
                assertEquals(Optional.empty(), running.clinicProblem());
                requireHandful();
            } finally {
                service.ifPresent(ClinicService::close);
                service = Optional.empty();
                lab.clinic().execute("drop database " + clinic.name() + " with (force)");
                lab.clinic().execute("drop tablespace small");
            }
        }
    }

    private void moveTo(String tablespace) {
        lab.clinic().execute("alter database " + clinic.name() + " set tablespace " + tablespace);
    }

    @Test
    @Rule("3.3.6")
    void aPassDoesNotGoOnBehindRowsThatACrashOfTheServerTookBack() throws IOException {
        lab.clinic().execute("alter system set wal_writer_delay = '10s'");
        lab.clinic().execute("select pg_reload_conf()");
        lab.cloud()
                .execute("insert into crm_pipelines (name, updated_at) "
                        + "select 'fila ' || n, now() - interval '1 day' from generate_series(1, 2500) n");
        lab.gateway().fault(Fault.holdRequest().matching("GET", "id=gt\\."));
        try {
            service = Optional.of(ClinicService.continuous(lab, clinic, TABLES));
            soon().until(() -> lab.gateway().held() > 0);

            lab.killClinic();
            lab.startClinic();
            soon().until(() -> clinic.count("_sync_service where seen_at > now() - interval '1 second'") == 1);
            lab.gateway().heal();

            soon().untilAsserted(() -> {
                assertEquals(2500, clinic.count("crm_pipelines"));
                Sides.of(lab, clinic).assertEqual("crm_pipelines");
            });
        } finally {
            lab.clinic().execute("alter system reset wal_writer_delay");
            lab.clinic().execute("select pg_reload_conf()");
        }
    }

    /** A file system of its own in memory, where the machine lets us make one. */
    private record SmallDisk(Path folder) implements AutoCloseable {
        static SmallDisk mount(int megabytes) throws IOException, InterruptedException {
            var folder = Files.createTempDirectory("small-disk-");
            var mounted = run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "none", folder.toString());
            assumeTrue(mounted, "a full disk needs the right to mount a file system in memory");
            Files.createDirectory(folder.resolve("tablespace"));
            return new SmallDisk(folder);
        }

        private static boolean run(String... command) throws IOException, InterruptedException {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        }

        Path tablespace() {
            return folder.resolve("tablespace");
        }

        /** Takes every byte. */
        void fill() throws IOException {
            try (var rest = Files.newOutputStream(folder.resolve("rest"))) {
                var block = new byte[4096];
                while (true) {
                    rest.write(block);
                }
            } catch (IOException full) {
                assertTrue(folder.toFile().getUsableSpace() < 8192, full::getMessage);
            }
        }

        void free() throws IOException {
            Files.delete(folder.resolve("rest"));
        }

        @Override
        public void close() throws IOException {
            try {
                run("umount", "--lazy", folder.toString());
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
            Files.delete(folder);
        }
    }
}
