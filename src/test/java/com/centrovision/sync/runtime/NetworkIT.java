package com.centrovision.sync.runtime;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.centrovision.sync.App;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.testing.ClinicNetwork;
import com.centrovision.sync.testing.Relay;
import com.centrovision.sync.testing.Rule;
import com.centrovision.sync.testing.ServiceHome;
import com.centrovision.sync.testing.SharedLab;
import com.centrovision.sync.testing.Sides;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Protocol 5, with a service in a network of its own whose line is really cut: packets are dropped or refused, names are
 * not answered, the line is narrow.
 */
class NetworkIT {
    /** What the protocol asks for, and as much again for a busy machine. */
    private static final Duration NOTICED = Duration.ofSeconds(15 + 15);

    private static final Duration RUNS_AGAIN = Duration.ofSeconds(10 + 10);

    private record Line(String text, long at) {}

    @TempDir
    private Path folder;

    private final Lab lab = SharedLab.get();
    private final List<Line> log = new CopyOnWriteArrayList<>();
    private LabDatabase clinic;
    private ClinicNetwork network;
    private Relay cloudRelay;
    private Relay clinicRelay;
    private Process service;

    @BeforeEach
    void serviceInItsOwnNetwork() throws IOException {
        var missing = ClinicNetwork.missing();
        assumeTrue(missing.isEmpty(), missing);
        lab.resetCloud();
        clinic = lab.newClinic();
        network = ClinicNetwork.start();
        cloudRelay = new Relay(network.address(), URI.create(lab.supabaseUrl()).getPort());
        clinicRelay = new Relay(network.address(), clinic.port());
        lab.cloud().execute("insert into crm_pipelines (name) values ('uno')");
        service = start();
        await().atMost(Duration.ofSeconds(60)).until(() -> clinicHas("uno"));
    }

    private Process start() throws IOException {
        var home = ServiceHome.in(folder.resolve("home"));
        home.table("crm_pipelines");
        home.table("crm_leads");
        var config = folder.resolve("home/config/config.toml");
        Files.writeString(
                config,
                """
                [supabase]
                url = "http://nube.test:%d"
                service_key = "%s"
                [local_postgres]
                host = "%s"
                port = %d
                database = "%s"
                user = "%s"
                password = "%s"
                [sync]
                interval_seconds = 1
                retry_delay_seconds = 1
                [logging]
                file = "log/sync.log"
                """
                        .formatted(
                                cloudRelay.port(),
                                lab.serviceKey(),
                                network.address(),
                                clinicRelay.port(),
                                clinic.name(),
                                clinic.user(),
                                clinic.password()));
        var builder = new ProcessBuilder(network.command(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx256m",
                        "-Dsun.net.inetaddr.ttl=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        App.class.getName(),
                        "--config",
                        config.toString(),
                        "run")))
                .redirectErrorStream(true);
        builder.environment()
                .put("CENTROVISION_SYNC_HOME", folder.resolve("home").toString());
        var process = builder.start();
        var reader = new Thread(
                () -> process.inputReader().lines().forEach(line -> log.add(new Line(line, System.nanoTime()))),
                "service-log");
        reader.setDaemon(true);
        reader.start();
        return process;
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (service == null) {
            return;
        }
        service.descendants().forEach(ProcessHandle::destroyForcibly);
        service.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        cloudRelay.close();
        clinicRelay.close();
        network.close();
    }

    private void cut(String... how) {
        network.rule(how);
    }

    private String cloudPort() {
        return String.valueOf(cloudRelay.port());
    }

    private boolean clinicHas(String name) {
        return clinic.value("select 1 from crm_pipelines where name = ?", name).isPresent();
    }

    private boolean cloudHas(String name) {
        return lab.cloud()
                .value("select 1 from crm_pipelines where name = ?", name)
                .isPresent();
    }

    private List<Line> changesSince(long start) {
        return log.stream()
                .filter(line -> line.at() >= start && line.text().contains("connection changed"))
                .toList();
    }

    /** How long it took until the log told of a change to this reason. */
    private Duration becomes(String reason, long start) {
        await().atMost(NOTICED).pollInterval(Duration.ofMillis(50)).until(() -> changesSince(start).stream()
                .anyMatch(line -> line.text().contains("reason=" + reason + " ")));
        var changed = changesSince(start).stream()
                .filter(line -> line.text().contains("reason=" + reason + " "))
                .findFirst()
                .orElseThrow();
        return Duration.ofNanos(changed.at() - start);
    }

    private void waitOnBothSides(String name) {
        clinic.execute("insert into crm_pipelines (name) values ('clínica " + name + "')");
        lab.cloud().execute("insert into crm_pipelines (name) values ('nube " + name + "')");
    }

    /** Both directions have run again, and how long that took. */
    private String runsAgain(String name, long healedAt) {
        await().atMost(RUNS_AGAIN).pollInterval(Duration.ofMillis(50)).until(() -> clinicHas("nube " + name));
        var down = Duration.ofNanos(System.nanoTime() - healedAt);
        await().atMost(RUNS_AGAIN).pollInterval(Duration.ofMillis(50)).until(() -> cloudHas("clínica " + name));
        var up = Duration.ofNanos(System.nanoTime() - healedAt);
        return "%s: again down after %d ms, up after %d ms".formatted(name, down.toMillis(), up.toMillis());
    }

    private void report(String figures) throws IOException {
        Files.writeString(
                Path.of("target/network-figures.txt"),
                figures + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    @Test
    @Rule({"5.1", "5.2", "5.3", "5.4"})
    void everyKindOfCutIsNoticedNamedAndHealed() throws IOException {
        var cutAt = System.nanoTime();
        cut("INPUT", "-p", "tcp", "--sport", cloudPort(), "-j", "DROP");
        var noticed = becomes("timeout", cutAt);
        waitOnBothSides("agujero");
        await().pollDelay(Duration.ofSeconds(8)).until(() -> true);
        assertEquals(1, changesSince(cutAt).size(), log::toString);
        network.noRules();
        report("black hole noticed after " + noticed.toMillis() + " ms");
        report(runsAgain("agujero", System.nanoTime()));

        var refusedAt = System.nanoTime();
        cut("OUTPUT", "-p", "tcp", "--dport", cloudPort(), "-j", "REJECT", "--reject-with", "icmp-net-unreachable");
        report("no network noticed after " + becomes("no-network", refusedAt).toMillis() + " ms");

        var unnamedAt = System.nanoTime();
        cut("INPUT", "-p", "udp", "--sport", "53", "-j", "DROP");
        report("dropped names noticed after " + becomes("no-address", unnamedAt).toMillis() + " ms");
        waitOnBothSides("nombres");
        network.noRules();
        report(runsAgain("nombres", System.nanoTime()));

        Sides.of(lab, clinic).assertEqual("crm_pipelines");
        assertEquals(0, clinic.count("_conflicts"));
        assertEquals(List.of(), clinic.query("select from _sync_pending where retry_count > 0"));
    }

    @Test
    @Rule("5.6")
    void aVerySlowLineMakesProgress() throws IOException {
        var start = System.nanoTime();
        network.slowTo(cloudRelay.port(), "16kbit");
        clinic.execute(
                """
                insert into crm_leads (name, phone, answers)
                select 'lento ' || i, '1', jsonb_build_object('t', repeat(md5(i::text), 10)) from generate_series(1, 30) i
                """);

        await().atMost(Duration.ofSeconds(150))
                .untilAsserted(() -> assertEquals(30, lab.cloud().count("crm_leads"), log::toString));

        var took = Duration.ofNanos(System.nanoTime() - start);
        report("slow line: 30 rows of 400 bytes after " + took.toMillis() + " ms, " + changesSince(start));
        await().atMost(Duration.ofSeconds(60)).until(() -> clinic.query("select from _sync_pending where not synced")
                .isEmpty());
        Sides.of(lab, clinic).assertEqual("crm_leads");
    }
}
