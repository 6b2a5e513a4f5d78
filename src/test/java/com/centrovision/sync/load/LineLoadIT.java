package com.centrovision.sync.load;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.config.CloudMode;
import com.centrovision.sync.demo.Fault;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.CloudCalls;
import com.centrovision.sync.testing.CloudFile;
import com.centrovision.sync.testing.SharedLab;
import com.centrovision.sync.testing.Sides;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the optional cloud functions bring, over a line of so many milliseconds there and back, {@code -Dload.line=120},
 * and 20 Mbit/s each way; 0 is the bare machine. A line needs a network of its own, as {@code unshare -n} makes it.
 * {@code target/line.txt} has the figures.
 */
@EnabledIfSystemProperty(named = "load.line", matches = "\\d+")
class LineLoadIT {
    private static final int MILLIS = Integer.getInteger("load.line", 0);
    private static final int CHANGES = Integer.getInteger("load.rows", 10_000);
    private static final int LINES = 4;
    private static final int IN_A_REQUEST = 1000;
    private static final Path REPORT = Path.of("target/line.txt");
    private static final Lab LAB = SharedLab.get();

    private ClinicService service;
    private LabDatabase clinic;

    @BeforeAll
    static void layTheLine() throws Exception {
        CloudFile.install(LAB);
        Files.createDirectories(REPORT.getParent());
        Files.deleteIfExists(REPORT);
        if (MILLIS > 0) {
            tc("qdisc add dev lo root handle 1: htb default 30");
            tc("class add dev lo parent 1: classid 1:30 htb rate 10gbit");
            var port = URI.create(LAB.supabaseUrl()).getPort();
            for (var way : List.of("10 dport", "20 sport")) {
                var line = "1:" + way.substring(0, 2);
                tc("class add dev lo parent 1: classid " + line + " htb rate 20mbit burst 64kb");
                tc("filter add dev lo parent 1: protocol ip u32 match ip " + way.substring(3) + " " + port
                        + " 0xffff flowid " + line);
            }
        }
    }

    /** The way there and back of each request; the cloud that is made anew forgets it. */
    private static void stretchTheLine() {
        LAB.gateway().heal();
        if (MILLIS > 0) {
            LAB.gateway().fault(Fault.delay(Duration.ofMillis(MILLIS)));
        }
    }

    @AfterAll
    static void leaveAsFound() throws Exception {
        if (MILLIS > 0) {
            tc("qdisc del dev lo root");
        }
        CloudFile.restore(LAB);
    }

    @AfterEach
    void stop() {
        if (service != null) {
            service.close();
        }
    }

    private void start(CloudMode mode, String... tables) {
        clinic = LAB.newClinic();
        stretchTheLine();
        service = ClinicService.continuous(LAB, clinic, mode, tables);
        await().until(() -> clinic.count("_sync_metadata where active and loaded_at is null") == 0);
        if (mode == CloudMode.ASSISTED) {
            await().until(() -> clinic.count("_sync_metadata where active and not fed_alone") == 0);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"REST", "ASSISTED"})
    void anIdlePass(CloudMode mode) throws Exception {
        LAB.resetCloud();
        LAB.cloud().generate("line", 50);
        start(mode);
        Thread.sleep(6000);
        LAB.gateway().clearLog();
        var bytes = bytesOnTheLine();
        Thread.sleep(20_000);

        var path = mode == CloudMode.REST ? "/rest/v1/patients" : "/rest/v1/rpc/sync_pull";
        var passes = LAB.gateway().requests().stream()
                .filter(request ->
                        request.path().startsWith(path) && !request.method().equals("HEAD"))
                .count();
        say("idle mode=%s tables=%d passes=%d requests_a_pass=%.1f bytes_a_pass=%d"
                .formatted(
                        mode,
                        Sides.TABLES.size(),
                        passes,
                        (double) LAB.gateway().requests().size() / passes,
                        (bytesOnTheLine() - bytes) / passes));
        assertTrue(passes > 2);
    }

    @ParameterizedTest
    @EnumSource(names = {"REST", "ASSISTED"})
    void updatesGoUp(CloudMode mode) throws Exception {
        someLeads();
        start(mode, "crm_leads");
        clinic.execute("update crm_leads set phone = '0' where name <= '00100'");
        awaitSent();
        clinic.execute("update crm_leads set phone = '1'");
        var bytes = bytesOnTheLine();
        LAB.gateway().clearLog();
        var start = Instant.now();
        awaitSent();
        var seconds = seconds(start);

        say("up mode=%s changes=%d seconds=%.1f changes_a_second=%.0f requests=%d bytes=%d"
                .formatted(
                        mode,
                        CHANGES,
                        seconds,
                        CHANGES / seconds,
                        LAB.gateway().requests().size(),
                        bytesOnTheLine() - bytes));
        assertEquals(
                CHANGES,
                LAB.cloud().query("select from crm_leads where phone = '1'").size());
        assertEquals(0, clinic.count("_conflicts"));
    }

    @ParameterizedTest
    @EnumSource(names = {"REST", "ASSISTED"})
    void aDeletionInTheCloud(CloudMode mode) throws Exception {
        someLeads();
        start(mode, "crm_leads");
        Thread.sleep(5000);
        LAB.cloud().execute("delete from crm_leads where name = '00007'");
        var start = Instant.now();
        await().atMost(Duration.ofMinutes(7)).until(() -> clinic.count("crm_leads") == CHANGES - 1);

        say("deletion mode=%s seconds=%.1f".formatted(mode, seconds(start)));
    }

    @Test
    void bareCalls() throws Exception {
        someLeads();
        var json = new ObjectMapper();
        var requests = new ArrayList<String>();
        var leads = LAB.cloud().query("select id, xmin::text as version from crm_leads order by name");
        for (var from = 0; from < leads.size(); from += IN_A_REQUEST) {
            var changes = leads.subList(from, Math.min(leads.size(), from + IN_A_REQUEST)).stream()
                    .map(lead -> Map.of(
                            "table",
                            "crm_leads",
                            "operation",
                            "UPDATE",
                            "id",
                            lead.get("id"),
                            "version",
                            lead.get("version"),
                            "row",
                            Map.of("phone", "1", "updated_at", "2026-05-01T00:00:00Z")))
                    .toList();
            requests.add(json.writeValueAsString(Map.of("p_changes", changes)));
        }
        stretchTheLine();
        var lines = Executors.newFixedThreadPool(LINES);
        var calls = new CloudCalls(LAB);
        calls.post("/rest/v1/rpc/sync_push", "{\"p_changes\": []}", "");
        var start = Instant.now();
        var tasks = new ArrayList<Callable<Boolean>>();
        requests.forEach(request -> tasks.add(
                () -> !calls.post("/rest/v1/rpc/sync_push", request, "").body().contains("\"busy\"")));
        for (var answer : lines.invokeAll(tasks)) {
            assertTrue(answer.get());
        }
        var seconds = seconds(start);
        lines.shutdown();

        say("bare changes=%d lines=%d seconds=%.1f changes_a_second=%.0f"
                .formatted(CHANGES, LINES, seconds, CHANGES / seconds));
        assertEquals(
                CHANGES,
                LAB.cloud().query("select from crm_leads where phone = '1'").size());
    }

    private static void someLeads() {
        LAB.resetCloud();
        LAB.cloud()
                .execute(
                        "insert into crm_leads (name, phone) select lpad(i::text, 5, '0'), '-' from generate_series(1, "
                                + CHANGES + ") i; analyze crm_leads");
    }

    private void awaitSent() {
        await().atMost(Duration.ofMinutes(8))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> clinic.query("select from _sync_pending where not synced limit 1")
                        .isEmpty());
    }

    private static double seconds(Instant start) {
        return Duration.between(start, Instant.now()).toMillis() / 1000.0;
    }

    private static void say(String line) throws IOException {
        Files.writeString(REPORT, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Both ways, with everything that a packet holds. */
    private static long bytesOnTheLine() throws IOException {
        if (MILLIS == 0) {
            return LAB.gateway().bytesOut();
        }
        var process = new ProcessBuilder("tc", "-s", "class", "show", "dev", "lo").start();
        var text = new String(process.getInputStream().readAllBytes());
        var bytes = 0L;
        for (var way : text.split("class ")) {
            if (way.contains("rate 20Mbit")) {
                bytes += Long.parseLong(way.replaceFirst("(?s).*Sent (\\d+) bytes.*", "$1"));
            }
        }
        return bytes;
    }

    private static void tc(String words) throws IOException, InterruptedException {
        var process = new ProcessBuilder(("tc " + words).split(" ")).inheritIO().start();
        assertEquals(0, process.waitFor(), words);
    }
}
