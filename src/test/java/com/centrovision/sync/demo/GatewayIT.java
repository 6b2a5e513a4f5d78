package com.centrovision.sync.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.testing.CloudCalls;
import com.centrovision.sync.testing.SharedLab;
import java.io.ByteArrayInputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GatewayIT {
    private static final String BRANCHES = "/rest/v1/branches?select=code&order=code";

    private final Lab lab = SharedLab.get();
    private final Gateway gateway = lab.gateway();
    private final CloudCalls calls = new CloudCalls(lab);

    @BeforeEach
    void startWithOneBranch() {
        lab.resetCloud();
        lab.cloud().execute("insert into branches (name, code) values ('Centro', 'TGU')");
    }

    @Test
    void takesTheSecretKeyAlone() throws Exception {
        var answer = calls.get(BRANCHES);

        assertEquals(200, answer.statusCode());
        assertEquals("[{\"code\":\"TGU\"}]", answer.body());
    }

    @Test
    void takesTheSecretKeyRepeatedAsBearer() throws Exception {
        var answer = calls.send(calls.request(BRANCHES)
                .header("Authorization", "Bearer " + lab.secretKey())
                .build());

        assertEquals("[{\"code\":\"TGU\"}]", answer.body());
    }

    @Test
    void takesTheLegacyKeyAsKeyAndBearer() throws Exception {
        var answer = calls.send(calls.requestWithoutKey(BRANCHES)
                .header("apikey", lab.serviceKey())
                .header("Authorization", "Bearer " + lab.serviceKey())
                .build());

        assertEquals("[{\"code\":\"TGU\"}]", answer.body());
    }

    @Test
    void showsNothingToTheAnonymousKeys() throws Exception {
        for (var key : List.of(lab.anonKey(), lab.publishableKey(), lab.serviceKey())) {
            var answer = calls.send(
                    calls.requestWithoutKey(BRANCHES).header("apikey", key).build());

            assertEquals("[]", answer.body());
        }
    }

    @Test
    void refusesAnUnknownKey() throws Exception {
        var answer = calls.send(calls.requestWithoutKey(BRANCHES)
                .header("apikey", "sb_secret_no")
                .build());

        assertEquals(401, answer.statusCode());
        assertTrue(answer.body().contains("\"message\":\"Invalid API key\""), answer.body());
    }

    @Test
    void refusesARequestWithoutKey() throws Exception {
        var answer = calls.send(calls.requestWithoutKey(BRANCHES).build());

        assertEquals(401, answer.statusCode());
        assertTrue(answer.body().contains("No API key found"), answer.body());
    }

    @Test
    void tellsItsHealthToThoseWithAKey() throws Exception {
        var known = calls.get("/auth/v1/health");
        var unknown = calls.send(calls.requestWithoutKey("/auth/v1/health").build());

        assertEquals(200, known.statusCode());
        assertTrue(known.body().contains("\"name\":\"GoTrue\""), known.body());
        assertEquals(401, unknown.statusCode());
    }

    @Test
    void compressesForThoseWhoUnderstandIt() throws Exception {
        lab.cloud().generatePatients("gzip", 100);
        gateway.clearLog();

        var request = calls.request("/rest/v1/patients").header("Accept-Encoding", "gzip");
        var answer = sendForBytes(request.build());

        assertEquals("gzip", answer.headers().firstValue("Content-Encoding").orElseThrow());
        var json = new String(
                new GZIPInputStream(new ByteArrayInputStream(answer.body())).readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(calls.get("/rest/v1/patients").body(), json);
        assertTrue(answer.body().length < json.length() / 2);
    }

    @Test
    void carriesLargeBodiesBothWaysWithAndWithoutALength() throws Exception {
        var note = "ñandú ".repeat(400_000);
        var json = "[{\"first_name\":\"A\",\"last_name\":\"B\",\"notes\":\"" + note + "\"}]";
        var bytes = json.getBytes(StandardCharsets.UTF_8);

        for (var body : List.of(
                BodyPublishers.ofByteArray(bytes),
                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes)))) {
            var answer = calls.send(calls.request("/rest/v1/patients?select=notes")
                    .header("Content-Type", "application/json")
                    .header("Prefer", "return=representation")
                    .expectContinue(true)
                    .POST(body)
                    .build());

            assertEquals(201, answer.statusCode());
            assertEquals("[{\"notes\":\"" + note + "\"}]", answer.body());
        }
    }

    @Test
    void carriesEveryMethod() throws Exception {
        var update = calls.send(calls.request("/rest/v1/branches?code=eq.TGU&select=phone")
                .header("Content-Type", "application/json")
                .header("Prefer", "return=representation")
                .method("PATCH", BodyPublishers.ofString("{\"phone\":\"1\"}"))
                .build());
        var head = calls.send(calls.request("/rest/v1/branches")
                .header("Prefer", "count=exact")
                .method("HEAD", BodyPublishers.noBody())
                .build());
        var deletion = calls.send(
                calls.request("/rest/v1/branches?code=eq.TGU").DELETE().build());

        assertEquals("[{\"phone\":\"1\"}]", update.body());
        assertEquals("0-0/1", head.headers().firstValue("Content-Range").orElseThrow());
        assertEquals(204, deletion.statusCode());
        assertEquals(0, lab.cloud().count("branches"));
    }

    @Test
    void remembersItsRequests() throws Exception {
        gateway.clearLog();
        calls.get(BRANCHES);
        calls.post("/rest/v1/crm_pipelines", "{\"name\":\"Nuevos\"}", "return=minimal");

        assertEquals(
                List.of(
                        new GatewayRequest("GET", BRANCHES, 200),
                        new GatewayRequest("POST", "/rest/v1/crm_pipelines", 201)),
                gateway.requests());
        assertEquals(1, gateway.count("GET", "/rest/v1/branches"));
        assertTrue(gateway.bytesOut() >= "[{\"code\":\"TGU\"}]".length());
    }

    @Test
    void answersUnknownAddressesAsSupabaseDoes() throws Exception {
        var answer = calls.get("/nothing");

        assertEquals(404, answer.statusCode());
    }

    private HttpResponse<byte[]> sendForBytes(HttpRequest request) throws Exception {
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofByteArray());
    }
}
