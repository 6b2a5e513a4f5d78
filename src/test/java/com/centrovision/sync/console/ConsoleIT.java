package com.centrovision.sync.console;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.backup.AgeKeys;
import com.centrovision.sync.config.Config;
import com.centrovision.sync.demo.Fault;
import com.centrovision.sync.demo.FreePorts;
import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.problem.Json;
import com.centrovision.sync.status.StatusReader;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.CloudFile;
import com.centrovision.sync.testing.ConfigWith;
import com.centrovision.sync.testing.ConsoleClient;
import com.centrovision.sync.testing.KeyTool;
import com.centrovision.sync.testing.SharedLab;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import javax.management.ObjectName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Protocol 5: what the apps are told of the connection; and what the service shows of itself over HTTP. */
class ConsoleIT {
    private static final String TOKEN = "clinic-token-0123456789";
    private static final Pattern METRIC =
            Pattern.compile("\\b(centrovision|camel|hikaricp|jvm|process|system)_[a-z_]+");
    private static final String TRACER = "org.apache.camel:context=centrovision-sync,type=tracer,name=BacklogTracer";
    private static final String MARKER = "Zoila-7391";
    private static final String LEAD =
            "insert into crm_leads (name, phone, source, updated_at) values ('Ana', '1', 'web', clock_timestamp())";

    private final Lab lab = SharedLab.get();
    private final int port = FreePorts.next();
    private final ConsoleClient here = new ConsoleClient("127.0.0.1", port);
    private LabDatabase clinic;
    private ClinicService service;

    @BeforeEach
    void freshSides() {
        lab.resetCloud();
        lab.cloud().execute(LEAD);
        clinic = lab.newClinic();
    }

    @AfterEach
    void stop() {
        if (service != null) {
            service.close();
        }
        lab.gateway().heal();
    }

    private void start() {
        service = ClinicService.withConsole(
                ConfigWith.parts(
                        ClinicService.config(lab, clinic),
                        new Config.Console("0.0.0.0", port, Optional.of(TOKEN), Optional.empty())),
                "crm_leads");
        await().until(() -> clinic.count("crm_leads") == 1);
    }

    @Test
    void tellsTheAppsOfAnOutageAndItsEndAndWatchersInNumbers() throws IOException, InterruptedException {
        start();
        await().until(() ->
                here.json("/api/connection-status").get("pending_changes").asInt(-1) == 0
                        && !here.json("/api/connection-status").get("last_sync").isNull());
        var first = here.get("/api/connection-status", "Origin", "tauri://localhost");
        assertEquals(
                "*", first.headers().firstValue("Access-Control-Allow-Origin").orElseThrow());
        assertEquals("supabase", ConsoleClient.json(first).get("mode").asText());
        assertTrue(ConsoleClient.json(first).get("local_available").asBoolean());
        assertEquals(204, here.send("OPTIONS", "/api/connection-status", "").statusCode());

        var told = new CopyOnWriteArrayList<String>();
        var listening = new Thread(() -> listen("/api/connection-status/events", told));
        listening.start();
        await().until(() -> contains(told, "supabase", 0));
        lab.gateway().fault(Fault.refuse());
        await().until(() -> contains(told, "local", 0));
        clinic.execute(LEAD);
        await().until(() -> contains(told, "local", 1));
        var health = here.get("/observe/health");
        assertEquals(200, health.statusCode());
        assertEquals(
                "DOWN", check(ConsoleClient.json(health), "cloud").get("status").asText());
        assertEquals(
                "UP", check(ConsoleClient.json(health), "clinic").get("status").asText());
        await().until(() ->
                here.get("/observe/metrics").body().contains("centrovision_pending{table=\"crm_leads\"} 1.0"));

        lab.gateway().heal();
        await().until(() -> contains(told, "supabase", 0) && lab.cloud().count("crm_leads") == 2);
        assertHearsOfChangesAtOnce(told);
        System.gc(); // a number whose source nobody holds is none from then on
        var metrics = here.get("/observe/metrics").body();
        for (var name : List.of(
                "centrovision_clinic_up 1.0",
                "centrovision_writer 1.0",
                "centrovision_lag_seconds{",
                "centrovision_conflicts{",
                "centrovision_quarantine{",
                "centrovision_rows_up{",
                "centrovision_mode{mode=\"supabase\"} 1.0",
                "centrovision_line_open 1.0",
                "hikaricp_connections_active{",
                "jvm_memory_used_bytes{",
                "camel_route_policy")) {
            assertTrue(metrics.contains(name), name);
        }
        for (var file : List.of("grafana-dashboard.json", "alert-rules.yml")) {
            var used = METRIC.matcher(Files.readString(Path.of("docs/monitoring", file)))
                    .results()
                    .map(MatchResult::group)
                    .collect(Collectors.toCollection(TreeSet::new));
            assertTrue(used.size() > 5, used.toString());
            used.removeIf(name -> metrics.contains("\n" + name + "{") || metrics.contains("\n" + name + " "));
            assertEquals(Set.of(), used, file);
        }
        listening.interrupt();
    }

    @Test
    void saysAtOnceWhatIsWrongWhileTheClinicsDatabaseIsAway() throws IOException {
        start();
        await().until(() -> here.get("/api/status").statusCode() == 200);
        lab.stopClinic();
        try {
            await().until(() -> here.get("/observe/health").statusCode() == 503);
            assertEquals(200, here.get("/observe/health/live").statusCode());
            assertFalse(
                    here.json("/api/connection-status").get("local_available").asBoolean());
            assertTrue(here.json("/api/status").get("clinic_problem").asText().startsWith("CV-CLINIC-"));
            assertEquals(200, here.get("/api/backups").statusCode(), "they are wanted now");
            var conflicts = here.get("/api/conflicts");
            assertEquals(503, conflicts.statusCode());
            assertTrue(ConsoleClient.json(conflicts).get("code").asText().startsWith("CV-CLINIC-"));
        } finally {
            lab.startClinic();
        }
        await().until(() -> here.get("/observe/health").statusCode() == 200
                && here.get("/api/conflicts").statusCode() == 200);
    }

    @Test
    void showsTheStatusOfTheCommandLine() throws IOException {
        start();
        var mapper = new ObjectMapper();
        await().untilAsserted(() -> {
            var told = here.json("/api/status");
            var reader = new StatusReader(
                    new JdbcTemplate(new DriverManagerDataSource(clinic.jdbcUrl(), clinic.user(), clinic.password())));
            var read = mapper.readTree(Json.of(reader.read().in(Locale.forLanguageTag("es"))));
            assertEquals(names(read), names(told));
            assertEquals(
                    names(read.get("tables").get(0)), names(told.get("tables").get(0)));
            assertEquals("supabase", told.get("mode").asText());
        });
    }

    @Test
    void tellsErrorsInTheLanguageThatIsAskedFor() throws IOException, InterruptedException {
        CloudFile.remove(lab); // with the functions a table that is gone is noticed minutes later
        start();
        await().until(() -> here.get("/api/status").statusCode() == 200);
        lab.cloud().execute("alter table crm_leads rename to leads_of_old");
        try {
            await().until(() -> !lastError("es").isEmpty());
            assertTrue(lastError("es").contains("nube"), lastError("es"));
            assertTrue(lastError("en").contains("cloud"), lastError("en"));
            for (var language : List.of("es", "en")) {
                try (var lines = here.events("/api/events?language=" + language)) {
                    var told = lines.filter(line -> line.startsWith("data: "))
                            .findFirst()
                            .orElseThrow();
                    assertTrue(told.contains(lastError(language)), told);
                }
            }
        } finally {
            lab.cloud().execute("alter table leads_of_old rename to crm_leads");
            CloudFile.restore(lab);
        }
    }

    private String lastError(String language) {
        return here.json("/api/status", "Accept-Language", language)
                .at("/tables/0/last_error")
                .asText("");
    }

    @Test
    void answersHeadAsGetWithoutTheBody() throws IOException {
        var there = new ConsoleClient(
                ConsoleClient.addressInNetwork()
                        .orElse(InetAddress.getLocalHost().getHostAddress()),
                port);
        start();
        await().until(() -> here.get("/api/status").statusCode() == 200);
        for (var path : List.of(
                "/",
                "/console.js",
                "/api/status",
                "/api/connection-status",
                "/api/events",
                "/api/connection-status/events",
                "/api/conflicts",
                "/api/conflicts/77",
                "/observe/health",
                "/observe/metrics",
                "/observe/jolokia/version",
                "/hawtio/",
                "/nothing")) {
            var head = here.send("HEAD", path, "");
            var type = head.headers().firstValue("Content-Type");
            assertEquals("", head.body(), path);
            assertEquals("no-store", head.headers().firstValue("Cache-Control").orElseThrow(), path);
            if (path.endsWith("/events")) {
                assertEquals(Optional.of("text/event-stream; charset=utf-8"), type);
            } else {
                var get = here.get(path);
                assertEquals(get.statusCode(), head.statusCode(), path);
                assertEquals(get.headers().firstValue("Content-Type"), type, path);
            }
            var isForAll = path.equals("/observe/health") || path.startsWith("/api/connection-status");
            assertEquals(isForAll ? 200 : 401, there.send("HEAD", path, "").statusCode(), path);
        }
    }

    @Test
    void asksWhoComesFromAnotherMachineForTheToken() throws IOException {
        var place = ConsoleClient.addressInNetwork()
                .orElse(InetAddress.getLocalHost().getHostAddress());
        start();
        var there = new ConsoleClient(place, port);
        assertEquals(200, there.get("/api/connection-status").statusCode());
        assertEquals(200, there.get("/observe/health").statusCode());
        for (var path : List.of(
                "/", "/api/status", "/api/events", "/observe/metrics", "/api/conflicts", "/hawtio/", "/nothing")) {
            assertEquals(401, there.get(path).statusCode(), path);
        }
        for (var address : addresses()) {
            if (!address.isOpen()) {
                assertEquals(401, ask(there, address).statusCode(), address.toString());
            }
        }
        assertEquals(
                401, there.get("/api/status", "X-Forwarded-For", "127.0.0.1").statusCode());
        assertEquals(
                200,
                there.get("/api/status", "Authorization", "Bearer " + TOKEN).statusCode());

        var opened = there.act("Ana", "/api/login", "{\"token\": \"" + TOKEN + "\"}");
        var cookie = opened.headers().firstValue("Set-Cookie").orElseThrow();
        assertTrue(cookie.contains("HttpOnly; SameSite=Strict"), cookie);
        assertFalse(cookie.contains(TOKEN));
        var session = cookie.split(";")[0];
        var status = there.get("/api/status", "Cookie", session);
        assertEquals(200, status.statusCode());
        assertEquals("no-store", status.headers().firstValue("Cache-Control").orElseThrow());
        assertEquals(
                "nosniff", status.headers().firstValue("X-Content-Type-Options").orElseThrow());
        assertTrue(status.headers()
                .firstValue("Content-Security-Policy")
                .orElseThrow()
                .startsWith("default-src 'none'"));
        assertTrue(status.headers().firstValue("Cookie").isEmpty());
        there.send("POST", "/api/logout", "{}", "Content-Type", "application/json", "Cookie", session);
        assertEquals(401, there.get("/api/status", "Cookie", session).statusCode());

        assertEquals(
                401,
                there.get("/api/files", "Authorization", "Bearer " + TOKEN + "x")
                        .statusCode());
        for (int tries = 1; tries < 5; tries++) {
            assertEquals(
                    401,
                    there.act("Ana", "/api/login", "{\"token\": \"wrong\"}").statusCode());
        }
        var tooMany = there.act("Ana", "/api/login", "{\"token\": \"" + TOKEN + "\"}");
        assertEquals(429, tooMany.statusCode());
        assertTrue(tooMany.headers().firstValue("Retry-After").isPresent());
        assertEquals(200, here.get("/api/status").statusCode());
    }

    @Test
    void doesNothingForThePageOfAnotherSite() throws IOException {
        start();
        assertTrue(here.statusFor("clinic.evil.example:" + port, "/api/status").contains(" 401 "));
        assertTrue(here.statusFor("localhost:" + port, "/api/status").contains(" 200 "));
        assertEquals(
                403,
                here.send(
                                "POST",
                                "/api/logout",
                                "{}",
                                "Content-Type",
                                "application/json",
                                "Origin",
                                "http://evil.example")
                        .statusCode());
        assertEquals(
                400,
                here.send("POST", "/api/logout", "{}", "Content-Type", "text/plain")
                        .statusCode());
        for (var address : addresses()) {
            if (address.method().equals("POST")) {
                for (var origin : List.of("null", "http://evil.example", "http://127.0.0.1:1")) {
                    assertEquals(403, ask(here, address, "Origin", origin).statusCode(), address.toString());
                }
                assertEquals(
                        400,
                        here.send("POST", address.path(), "{}", "Content-Type", "text/plain")
                                .statusCode(),
                        address.toString());
                assertEquals(404, here.get(address.path()).statusCode(), address.toString());
            }
            if (!address.path().startsWith("/observe/health")) {
                assertEquals(
                        403, ask(here, address, "Sec-Fetch-Site", "cross-site").statusCode(), address.toString());
            }
        }
        assertEquals(0, clinic.count("_sync_audit"));
        assertEquals(400, here.act("Ana", "/api/login", "[".repeat(500)).statusCode());
        assertEquals(413, here.act("Ana", "/api/login", "x".repeat(70_000)).statusCode());
        assertEquals(404, here.get("/nothing").statusCode());
        assertEquals(404, here.get("/../config/config.toml").statusCode());
        var wrong = here.send("POST", "/api/login", "{}", "Content-Type", "application/json", "Accept-Language", "en");
        assertEquals("CV-CONSOLE-06", ConsoleClient.json(wrong).get("code").asText());
    }

    /** An address that a route answers. */
    private record Address(String method, String path) {
        boolean isOpen() {
            return path.startsWith("/observe/health") || path.equals("/api/texts") || path.equals("/api/login");
        }
    }

    /** All of them, so that none that is added is forgotten here. */
    private static List<Address> addresses() throws IOException {
        var found = Pattern.compile("uri: platform-http:(\\S+)\\s+parameters:\\s+httpMethodRestrict: (GET|POST)")
                .matcher(Files.readString(Path.of("routes/console.camel.yaml")))
                .results()
                .map(route -> new Address(
                        route.group(2),
                        route.group(1)
                                .replace("{id}", "1")
                                .replace("{bucket}", "estudios")
                                .replace("{table}", "crm_leads")))
                .toList();
        assertTrue(found.size() > 20, found.toString());
        return found;
    }

    private static HttpResponse<String> ask(ConsoleClient client, Address address, String... headers) {
        var all = new ArrayList<>(List.of("Content-Type", "application/json", "Console-Person", "Ana"));
        all.addAll(List.of(headers));
        return client.send(
                address.method(),
                address.path(),
                address.method().equals("GET") ? "" : "{\"reason\": \"x\"}",
                all.toArray(String[]::new));
    }

    /** Whatever is sent, the answer says what is wrong, and nothing has changed. */
    @Test
    void answersBadRequestsClearlyAndChangesNothing(@TempDir Path folder) {
        startWithFilesAndBackups(folder);
        lab.gateway().fault(Fault.refuse());
        clinic.execute("insert into _sync_files (bucket, name, local_name, cloud_version, code, attempts) "
                + "values ('estudios', 'Zoila.jpg', 'Zoila.jpg', 'v', 'wrong-content', 3)");
        clinic.execute("insert into _sync_buckets (bucket, guard_rows) values ('estudios', 3) "
                + "on conflict (bucket) do update set guard_rows = 3");
        clinic.execute("insert into _sync_quarantine (direction, table_name, record_id, code) "
                + "select 'DOWN', 'crm_leads', id, '23514' from crm_leads");
        clinic.execute("insert into _conflicts (table_name, record_id, kind, strategy, local_data, remote_data) "
                + "select 'crm_leads', id, 'update_update', 'manual', to_jsonb(l), to_jsonb(l) from crm_leads l");
        var kept = kept();
        var decision = "{\"keep\": %s, \"version\": %s, \"reason\": %s}";
        var good = "{\"version\": \"x\", \"reason\": \"x\"}";
        var requests = new ArrayList<List<String>>();
        for (var id :
                List.of("0", "-1", "99999999999999999999", "1.5", "1e3", "0x1", "uno", "%00", "1%3Bdrop%20table%20x")) {
            requests.add(
                    List.of("/api/conflicts/" + id + "/resolve", decision.formatted("\"local\"", "\"x\"", "\"x\"")));
            requests.add(List.of("/api/quarantine/" + id + "/retry", "{\"reason\": \"x\"}"));
            requests.add(List.of("/api/quarantine/" + id + "/give-up", good));
            requests.add(List.of("/api/files/" + id + "/retry", "{\"reason\": \"x\"}"));
            requests.add(List.of("/api/buckets/" + id, "{\"action\": \"retry\", \"reason\": \"x\"}"));
        }
        requests.add(List.of("/api/files/1-1-1-1-1/retry", "{\"reason\": \"x\"}"));
        requests.add(List.of("/api/files/" + UUID.randomUUID() + "/retry", "{\"reason\": \"x\"}"));
        var accept = "{\"action\": \"accept-deletes\", \"reason\": \"x\", \"rows\": %s}";
        for (var rows : List.of("2", "0", "-3", "3.0", "3e0", "\"3\"", "[3]", "99999999999999999999", "4e99", "null")) {
            requests.add(List.of("/api/buckets/estudios", accept.formatted(rows)));
        }
        requests.add(List.of("/api/buckets/estudios", accept.formatted("3").replace("deletes", "changes")));
        requests.add(List.of("/api/buckets/otro", accept.formatted("3")));
        requests.add(List.of("/api/buckets/..%2F..%2Fetc", accept.formatted("3")));
        for (var odd : List.of(
                "null", "1", "true", "[]", "{}", "\"\"", "\" \"", "\"\\u0000\"", "\"" + "ñ".repeat(501) + "\"")) {
            requests.add(List.of("/api/conflicts/1/resolve", decision.formatted("\"local\"", "\"x\"", odd)));
            requests.add(List.of("/api/conflicts/1/resolve", decision.formatted("\"local\"", odd, "\"x\"")));
            requests.add(List.of("/api/conflicts/1/resolve", decision.formatted(odd, "\"x\"", "\"x\"")));
            requests.add(List.of("/api/quarantine/1/give-up", "{\"version\": \"x\", \"reason\": " + odd + "}"));
            requests.add(List.of("/api/quarantine/1/give-up", "{\"version\": " + odd + ", \"reason\": \"x\"}"));
            requests.add(List.of("/api/actions", "{\"action\": " + odd + ", \"reason\": \"x\"}"));
            requests.add(List.of("/api/backups/now", "{\"reason\": " + odd + "}"));
            requests.add(List.of("/api/buckets/estudios", "{\"action\": \"retry\", \"reason\": " + odd + "}"));
            requests.add(List.of("/api/buckets/estudios", "{\"action\": " + odd + ", \"rows\": 3, \"reason\": \"x\"}"));
            requests.add(List.of("/api/actions", "{\"action\": \"pause\", \"reason\": " + odd + "}"));
            requests.add(
                    List.of("/api/actions", "{\"action\": \"reload\", \"reason\": \"x\", \"table\": " + odd + "}"));
        }
        for (var body : List.of(
                "",
                "null",
                "[]",
                "{",
                "\"x\"",
                "{\"reason\": \"x\"} x}",
                "{\"reason\": \"x\", \"reason\": \"x\"}",
                "[".repeat(5000),
                "\u0000",
                "x".repeat(70_000))) {
            requests.add(List.of("/api/actions", body));
            requests.add(List.of("/api/conflicts/1/resolve", body));
            requests.add(List.of("/api/backups/now", body));
            requests.add(List.of("/api/buckets/estudios", body));
        }
        for (var request : requests) {
            assertClear(here.act("Ana", request.get(0), request.get(1)), request.toString());
        }
        for (var name : List.of("", " ", "%zz", "%0a", "x".repeat(81), "%F0%9F")) {
            assertClear(
                    here.send(
                            "POST",
                            "/api/quarantine/1/give-up",
                            good,
                            "Content-Type",
                            "application/json",
                            "Console-Person",
                            name),
                    name);
            assertClear(here.get("/api/conflicts/1", "Console-Person", name), name);
            assertClear(
                    here.send(
                            "POST",
                            "/api/backups/now",
                            "{\"reason\": \"x\"}",
                            "Content-Type",
                            "application/json",
                            "Console-Person",
                            name),
                    name);
            assertClear(here.get("/api/files/" + fileId(), "Console-Person", name), name);
        }
        for (var method : List.of("PUT", "DELETE", "PATCH")) {
            assertClear(here.send(method, "/api/actions", good, "Content-Type", "application/json"), method);
        }
        assertClear(
                here.send("POST", "/api/actions", good, "Content-Type", "text/plain", "Console-Person", "Ana"), "type");
        for (var origin : List.of("null", "http://evil.example", "http://127.0.0.1:1", "x")) {
            assertClear(
                    here.send(
                            "POST",
                            "/api/quarantine/1/give-up",
                            good,
                            "Content-Type",
                            "application/json",
                            "Console-Person",
                            "Ana",
                            "Origin",
                            origin),
                    origin);
        }
        for (var path : List.of(
                "/api/tables/pg_class/history",
                "/api/tables/%00/history",
                "/api/requests/x",
                "/api/files/x",
                "/api/files/" + UUID.randomUUID(),
                "/api/" + "x".repeat(2000))) {
            assertClear(here.get(path, "Accept-Language", "x".repeat(500)), path);
        }
        assertEquals(kept, kept());
        assertEquals(0, clinic.count("_sync_log where direction = 'BACKUP'"));
        assertEquals(200, here.get("/api/status").statusCode());
        assertFalse(here.get("/api/files").body().contains("Zoila"));
        assertTrue(here.get("/api/files/" + fileId(), "Console-Person", "Ana")
                .body()
                .contains("Zoila.jpg"));
        assertEquals(
                200,
                here.act("Ana", "/api/buckets/estudios", accept.formatted("3")).statusCode());
        assertEquals(1, clinic.count("_sync_buckets where accepted_at is not null"));
    }

    private Object fileId() {
        return clinic.value("select id from _sync_files").orElseThrow();
    }

    private void startWithFilesAndBackups(Path folder) {
        service = ClinicService.withConsole(
                ConfigWith.parts(
                        ClinicService.config(lab, clinic),
                        new Config.Backup(
                                List.of(AgeKeys.make().publicKey()),
                                folder.resolve("backups"),
                                Optional.empty(),
                                1,
                                new Config.Retention(7, 4, 12, 5),
                                Duration.ofHours(26),
                                Optional.empty()),
                        new Config.Console("0.0.0.0", port, Optional.of(TOKEN), Optional.empty()),
                        new Config.Storage(
                                true,
                                List.of("estudios"),
                                folder.resolve("files"),
                                Duration.ofHours(1),
                                0,
                                Optional.empty(),
                                1024,
                                30)),
                "crm_leads");
        await().until(() -> clinic.count("crm_leads") == 1);
    }

    private void assertClear(HttpResponse<String> answer, String asked) {
        var about =
                answer.statusCode() + " " + answer.body() + " to " + asked.substring(0, Math.min(200, asked.length()));
        assertTrue(answer.statusCode() >= 400 && answer.statusCode() < 500, about);
        var told = ConsoleClient.json(answer);
        assertTrue(told.get("code").asText().startsWith("CV-"), about);
        assertTrue(told.get("message").asText().length() > 10, about);
        assertFalse(answer.body().matches("(?s).*(Exception|at org\\.|select |SQL).*"), about);
    }

    /** All that an answer may have changed; who tried what is written down all the same. */
    private List<Map<String, Object>> kept() {
        return clinic.query(
                """
                select md5(string_agg(t, '' order by t)) as kept
                from (
                  select l::text as t from crm_leads l
                  union all select c::text from _conflicts c
                  union all select q::text from _sync_quarantine q
                  union all select p::text from _sync_pending p
                  union all select p::text from _sync_pause p
                  union all select r::text from _sync_request r
                  union all select f.code || f.attempts from _sync_files f
                  union all select concat(b.bucket, b.accepted_at, b.changes_accepted_at) from _sync_buckets b
                ) all_of_it
                """);
    }

    /** Routes, steps, timings and the machine may be seen; no secret, no row, and nothing can be done. */
    @Test
    void looksIntoTheServiceAndTouchesNothing() throws IOException {
        System.setProperty("centrovision.test.secret", lab.serviceKey());
        try {
            start();
            var routes = jolokia(
                    "read", "org.apache.camel:type=routes,*", "\"attribute\": [\"RouteId\", \"ExchangesTotal\"]");
            assertEquals(200, routes.get("status").asInt());
            assertTrue(routes.toString().contains("crm_leads-down"));
            assertEquals(
                    200,
                    jolokia("read", "java.lang:type=Memory", "\"attribute\": \"HeapMemoryUsage\"")
                            .get("status")
                            .asInt());
            var name = routes.get("value").fieldNames().next();
            var source = jolokia("exec", name, "\"operation\": \"dumpRouteAsXml()\"");
            assertEquals(200, source.get("status").asInt(), source.toString());

            for (var refused : List.of(
                    jolokia("exec", name, "\"operation\": \"stop()\""),
                    jolokia("write", name, "\"attribute\": \"TracingEnabled\", \"value\": true"),
                    jolokia("exec", TRACER, "\"operation\": \"setEnabled(boolean)\", \"arguments\": [true]"),
                    jolokia("exec", TRACER, "\"operation\": \"dumpAllTracedMessagesAsXml()\""),
                    jolokia("write", TRACER, "\"attribute\": \"BodyMaxChars\", \"value\": 9"),
                    jolokia("exec", "java.lang:type=Memory", "\"operation\": \"gc\""),
                    jolokia(
                            "exec",
                            "com.sun.management:type=DiagnosticCommand",
                            "\"operation\": \"vmSystemProperties\""),
                    jolokia("read", "java.lang:type=Runtime", "\"attribute\": \"SystemProperties\""),
                    jolokia(
                            "read",
                            "com.sun.management:type=HotSpotDiagnostic",
                            "\"attribute\": \"DiagnosticOptions\""),
                    ConsoleClient.json(here.get("/observe/jolokia/exec/" + name.replace("\"", "%22") + "/stop()")),
                    jolokia("steal", name, "\"x\": 1"))) {
                assertTrue(refused.get("status").asInt() >= 400, refused.toString());
                assertFalse(refused.has("stacktrace"));
            }
            var known = here.get("/observe/jolokia/list").body();
            assertTrue(known.contains("type=routes"));
            assertFalse(known.contains("type=tracer") || known.contains("HotSpotDiagnostic"));
            var everything = new StringBuilder();
            for (var domain : List.of("org.apache.camel:*", "java.lang:*", "com.zaxxer.hikari:*", "*:type=tracer,*")) {
                everything.append(jolokia("read", domain, "\"config\": {\"ignoreErrors\": true}")
                        .path("value"));
            }
            assertTrue(everything.length() > 50_000, "only " + everything.length());
            for (var secret : List.of(lab.serviceKey(), TOKEN, "user.home", "-XX:+Use", "TraceCounter")) {
                assertFalse(everything.toString().contains(secret), secret);
            }
            assertEquals(
                    403,
                    here.get("/observe/jolokia/version", "Sec-Fetch-Site", "cross-site")
                            .statusCode());
            assertEquals(
                    401,
                    new ConsoleClient(ConsoleClient.addressInNetwork().orElseThrow(), port)
                            .get("/observe/jolokia/version")
                            .statusCode());
        } finally {
            System.clearProperty("centrovision.test.secret");
        }
    }

    /** What is allowed more: routes stop and start, and messages are followed by their steps. Nothing of a patient shows. */
    @Test
    void operatesRoutesAndFollowsMessagesButShowsNothingThatTheyCarry() throws Exception {
        service = ClinicService.withConsole(
                ConfigWith.parts(
                        ClinicService.config(lab, clinic),
                        new Config.Console(
                                "127.0.0.1", port, Optional.of(TOKEN), Optional.empty(), Config.Inspection.OPERATE)),
                "crm_leads");
        await().until(() -> clinic.count("crm_leads") == 1);
        var route = bean("type=routes,name=\"crm_leads-down\"");
        assertEquals(200, exec(route, "stop()").get("status").asInt());
        assertEquals("Stopped", state(route));
        assertEquals(200, exec(route, "start()").get("status").asInt());
        assertEquals("Started", state(route));
        for (var refused : List.of(
                exec(route, "remove()"),
                exec(route, "updateRouteFromXml(java.lang.String)", "<route/>"),
                exec(bean("type=context"), "stop()"),
                exec(bean("type=context"), "sendStringBody(java.lang.String,java.lang.String)", "direct:x", "x"),
                exec("java.lang:type=Memory", "gc"),
                exec("com.sun.management:type=DiagnosticCommand", "vmSystemProperties"),
                exec(TRACER, "dumpAllTracedMessages()"),
                exec(TRACER, "dumpAllTracedMessagesAsJSon()"),
                exec(TRACER, "dumpTracedMessagesAsXml(java.lang.String)", "crm_leads-down"),
                exec(TRACER, "dumpLatestMessageHistoryAsXml()"),
                exec(TRACER.replace("BacklogTracer", "BacklogDebugger"), "enableDebugger()"),
                jolokia("read", TRACER, "\"attribute\": \"TraceFilter\""),
                jolokia("write", TRACER, "\"attribute\": \"TraceFilter\", \"value\": \"${exchangeId}\""),
                jolokia("write", TRACER, "\"attribute\": \"IncludeExchangeVariables\", \"value\": true"),
                jolokia("write", route, "\"attribute\": \"TracingEnabled\", \"value\": true"))) {
            assertTrue(refused.get("status").asInt() >= 400, refused.toString());
        }
        for (var stop : List.of("/exec/", "//exec/", "/%65xec/", "?p=exec/", "?p=/exec/", "/?p=exec/")) {
            here.get("/observe/jolokia" + stop + route.replace("\"", "%22") + "/stop()");
        }
        assertEquals("Started", state(route));
        for (var wish : List.of("BodyMaxChars", "BodyIncludeStreams", "BodyIncludeFiles")) {
            var value = wish.endsWith("Chars") ? "32768" : "true";
            var answer = jolokia("write", TRACER, "\"attribute\": \"%s\", \"value\": %s".formatted(wish, value));
            assertEquals(200, answer.get("status").asInt(), "Hawtio asks for it, and goes on: " + answer);
        }
        var inside = ManagementFactory.getPlatformMBeanServer();
        assertEquals(1, inside.getAttribute(new ObjectName(TRACER), "BodyMaxChars"));
        assertFalse((Boolean) inside.getAttribute(new ObjectName(TRACER), "Enabled"));

        assertEquals(
                200, exec(TRACER, "setEnabled(boolean)", true).get("status").asInt());
        var shown = new StringBuilder();
        await().until(() -> {
            lab.cloud().execute(LEAD.replace("Ana", MARKER));
            clinic.execute(LEAD.replace("Ana", MARKER));
            here.act(MARKER, "/api/actions", "{\"action\": \"%s\", \"reason\": \"x\"}".formatted(MARKER));
            shown.append(
                    exec(TRACER, "dumpAllTracedMessagesAsXml()").path("value").asText());
            return List.of("crm_leads-down", "up", "actions").stream()
                    .allMatch(id -> shown.indexOf("<routeId>" + id + "</routeId>") >= 0);
        });
        for (var part : List.of(
                "<toNode>actions-answer</toNode>",
                "<header key=\"Console-Person\" type=\"",
                "<body type=\"",
                "<elapsed>")) {
            assertTrue(
                    shown.indexOf(part) >= 0,
                    () -> part + " is not in "
                            + shown.toString()
                                    .lines()
                                    .filter(line -> line.contains("actions"))
                                    .toList());
        }
        assertEquals(-1, shown.indexOf(MARKER));

        here.act(MARKER, "/api/actions", "{\"action\": \"%s\", \"reason\": \"x\"}".formatted(MARKER));
        for (var how : List.of("?includeRequest=false", "?serializeException=true&includeStackTrace=true")) {
            var answer = here.act(
                    "Ana",
                    "/observe/jolokia" + how,
                    "[{\"type\": \"exec\", \"mbean\": \"%s\", \"operation\": \"%s\"}, {\"type\": \"read\", \"mbean\": \"*:type=tracer,*\"}]"
                            .formatted(TRACER, "dumpAllTracedMessagesAsXml"));
            assertFalse(answer.body().contains(MARKER));
        }
        here.act(MARKER, "/api/actions", "{\"action\": \"%s\", \"reason\": \"x\"}".formatted(MARKER));
        var camels = inside.invoke(new ObjectName(TRACER), "dumpAllTracedMessagesAsXml", new Object[0], new String[0]);
        assertTrue(camels.toString().contains(MARKER), "what is left out here is there inside");
        assertEquals(
                200, exec(TRACER, "setEnabled(boolean)", false).get("status").asInt());
    }

    private String bean(String keys) {
        return StreamSupport.stream(
                        jolokia("search", "org.apache.camel:*", "\"x\": 1")
                                .get("value")
                                .spliterator(),
                        false)
                .map(JsonNode::asText)
                .filter(name -> List.of(keys.split(",")).stream()
                        .allMatch(key -> name.replace("\"", "").matches(".*[:,]" + key.replace("\"", "") + "(,.*|$)")))
                .findFirst()
                .orElseThrow(() -> new AssertionError(keys));
    }

    private JsonNode exec(String bean, String operation, Object... arguments) throws IOException {
        return jolokia(
                "exec",
                bean,
                "\"operation\": \"%s\", \"arguments\": %s".formatted(operation, Json.of(List.of(arguments))));
    }

    private String state(String route) {
        return jolokia("read", route, "\"attribute\": \"State\"").get("value").asText();
    }

    private JsonNode jolokia(String type, String bean, String more) {
        return ConsoleClient.json(here.act(
                "Ana",
                "/observe/jolokia",
                "{\"type\": \"%s\", \"mbean\": \"%s\", %s}".formatted(type, bean.replace("\"", "\\\""), more)));
    }

    @Test
    void syncsWithoutAConsoleWhereItsPortIsTaken() throws IOException {
        try (var taken = new ServerSocket(port)) {
            start();
            assertTrue(taken.isBound());
            lab.cloud().execute(LEAD);
            await().until(() -> clinic.count("crm_leads") == 2);
        }
    }

    @Test
    void servesHttpsWithTheClinicsCertificateAndNothingWithAWrongOne(@TempDir Path folder)
            throws IOException, InterruptedException, GeneralSecurityException {
        var file = KeyTool.certificate(folder.resolve("clinic.p12"), "p12-password");
        service = ClinicService.withConsole(
                ConfigWith.parts(ClinicService.config(lab, clinic), tls(file, "wrong")), "crm_leads");
        await().until(() -> clinic.count("crm_leads") == 1);
        assertThrows(UncheckedIOException.class, () -> here.get("/api/connection-status"));
        service.close();

        service = ClinicService.withConsole(
                ConfigWith.parts(ClinicService.config(lab, clinic), tls(file, "p12-password")), "crm_leads");
        var trust = SSLContext.getInstance("TLS");
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(KeyStore.getInstance(file.toFile(), "p12-password".toCharArray()));
        trust.init(null, factory.getTrustManagers(), null);
        var answer = HttpClient.newBuilder()
                .sslContext(trust)
                .build()
                .send(
                        HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/api/login"))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString("{\"token\": \"" + TOKEN + "\"}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertEquals(200, answer.statusCode());
        assertTrue(answer.headers().firstValue("Set-Cookie").orElseThrow().endsWith("; Secure"));
    }

    private Config.Console tls(Path file, String password) {
        return new Config.Console("127.0.0.1", port, Optional.of(TOKEN), Optional.of(new Config.Tls(file, password)));
    }

    /** Who asks each five seconds learns of four changes, each made when the one before was learnt, in fifteen at least. */
    private void assertHearsOfChangesAtOnce(List<String> connections) {
        var statuses = new CopyOnWriteArrayList<String>();
        var listening = new Thread(() -> listen("/api/events", statuses));
        listening.start();
        await().until(() -> !statuses.isEmpty());
        var begun = System.nanoTime();
        for (var action : List.of("pause", "resume", "pause", "resume")) {
            here.act("Ana", "/api/actions", "{\"action\": \"%s\", \"reason\": \"x\"}".formatted(action));
            await().pollInterval(Duration.ofMillis(20))
                    .until(() -> isPaused(connections) == action.equals("pause")
                            && isPaused(statuses) == action.equals("pause"));
        }
        assertTrue(Duration.ofNanos(System.nanoTime() - begun).toSeconds() < 12);
        listening.interrupt();
    }

    private static boolean isPaused(List<String> told) throws IOException {
        return new ObjectMapper()
                .readTree(told.get(told.size() - 1))
                .path("reason")
                .asText()
                .equals("paused-by-person");
    }

    private void listen(String path, List<String> told) {
        try (var lines = here.events(path)) {
            lines.filter(line -> line.startsWith("data: ")).forEach(line -> told.add(line.substring(6)));
        } catch (IOException | UncheckedIOException | InterruptedException ended) {
            told.add("");
        }
    }

    private static boolean contains(List<String> told, String mode, int pending) throws IOException {
        if (told.isEmpty()) {
            return false;
        }
        var last = new ObjectMapper().readTree(told.get(told.size() - 1));
        return last.path("mode").asText().equals(mode)
                && last.path("pending_changes").asInt(-1) == pending;
    }

    private static JsonNode check(JsonNode health, String name) {
        return StreamSupport.stream(health.get("checks").spliterator(), false)
                .filter(check -> check.get("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> names(JsonNode object) {
        return StreamSupport.stream(((Iterable<String>) object::fieldNames).spliterator(), false)
                .toList();
    }
}
