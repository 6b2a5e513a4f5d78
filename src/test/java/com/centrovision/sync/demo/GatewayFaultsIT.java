package com.centrovision.sync.demo;

import static java.time.temporal.ChronoUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.testing.CloudCalls;
import com.centrovision.sync.testing.SharedLab;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GatewayFaultsIT {
    private static final String PATIENTS = "/rest/v1/patients";
    private static final String PIPELINES = "/rest/v1/crm_pipelines";

    private final Lab lab = SharedLab.get();
    private final Gateway gateway = lab.gateway();
    private final CloudCalls calls = new CloudCalls(lab);

    @BeforeEach
    void startWithPatients() {
        lab.resetCloud();
        lab.cloud().generatePatients("fallas", 300);
    }

    @AfterEach
    void heal() {
        gateway.heal();
    }

    @Test
    void answersLate() throws Exception {
        gateway.fault(Fault.delay(Duration.ofMillis(300)));

        long start = System.nanoTime();
        assertEquals(200, calls.get(PIPELINES).statusCode());

        assertTrue(System.nanoTime() - start >= 300_000_000L);
    }

    @Test
    void answersAnErrorWithATimeToRetry() throws Exception {
        gateway.fault(Fault.status(429, Duration.ofSeconds(7)).times(1));

        var answer = calls.get(PIPELINES);

        assertEquals(429, answer.statusCode());
        assertEquals("7", answer.headers().firstValue("Retry-After").orElseThrow());
        assertEquals(200, calls.get(PIPELINES).statusCode());
    }

    @Test
    void keepsAWriteFromTheDatabaseWhenItAnswersAnError() throws Exception {
        gateway.fault(Fault.status(503).matching("POST", "crm_pipelines"));

        assertEquals(503, addPipeline().statusCode());
        assertEquals(200, calls.get(PIPELINES).statusCode());
        assertEquals(0, lab.cloud().count("crm_pipelines"));
    }

    @Test
    void refusesAGoodKey() throws Exception {
        gateway.fault(Fault.unauthorized());

        var answer = calls.get(PIPELINES);

        assertEquals(401, answer.statusCode());
        assertTrue(answer.body().contains("Invalid API key"), answer.body());
    }

    @Test
    void resetsTheConnectionInTheMiddleOfAnAnswer() throws Exception {
        gateway.fault(Fault.cutAfterBytes(20_000));

        var answer = HttpClient.newHttpClient().send(calls.request(PATIENTS).build(), BodyHandlers.ofInputStream());

        assertEquals(200, answer.statusCode());
        assertThrows(IOException.class, () -> answer.body().readAllBytes());
    }

    @Test
    void neverEndsAnAnswerThatIsShorterThanTheCut() {
        gateway.fault(Fault.cutAfterBytes(1_000_000));

        assertThrows(IOException.class, () -> calls.get(PIPELINES));
    }

    @Test
    void losesTheAnswerOfAWriteThatWasDone() {
        gateway.fault(Fault.loseAnswer().matching("POST", "").times(1));
        gateway.clearLog();

        assertThrows(IOException.class, this::addPipeline);

        assertEquals(1, lab.cloud().count("crm_pipelines"));
        assertEquals(0, gateway.requests().get(0).status());
    }

    @Test
    void neverAnswersInABlackHole() throws Exception {
        calls.get(PIPELINES);
        gateway.fault(Fault.blackHole());

        var request = calls.request(PIPELINES).timeout(Duration.ofMillis(500)).build();

        assertThrows(HttpTimeoutException.class, () -> calls.send(request));
    }

    @Test
    void fallsSilentInTheMiddleOfAnAnswer() throws Exception {
        gateway.fault(Fault.slowLine(40_000));
        var answer = HttpClient.newHttpClient().send(calls.request(PATIENTS).build(), BodyHandlers.ofInputStream());
        answer.body().readNBytes(1_000);

        gateway.fault(Fault.blackHole());
        var rest = CompletableFuture.supplyAsync(() -> readAll(answer));

        assertThrows(TimeoutException.class, () -> rest.get(1, TimeUnit.SECONDS));
        gateway.heal();
        assertThrows(ExecutionException.class, () -> rest.get(10, TimeUnit.SECONDS));
    }

    @Test
    void losesTheGatewaysOwnAnswersToo() {
        gateway.fault(Fault.loseAnswer());

        assertThrows(IOException.class, () -> calls.get("/auth/v1/health"));
    }

    @Test
    void resetsWhatHangsOnceHealed() {
        gateway.fault(Fault.blackHole().times(1));
        gateway.clearLog();
        var hanging = CompletableFuture.runAsync(() -> {
            try {
                addPipeline();
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        Awaitility.await().until(() -> !gateway.requests().isEmpty());

        gateway.heal();

        assertThrows(ExecutionException.class, () -> hanging.get(10, TimeUnit.SECONDS));
    }

    @Test
    void holdsARequestBeforeItReachesTheCloud() throws Exception {
        gateway.fault(Fault.holdRequest().matching("POST", "").after(1).times(1));
        addPipeline();
        var held = CompletableFuture.supplyAsync(this::addPipelineLater);
        Awaitility.await().until(() -> gateway.held() == 1);

        assertEquals(1, lab.cloud().count("crm_pipelines"));
        gateway.heal();

        assertEquals(201, held.get(10, TimeUnit.SECONDS).statusCode());
        assertEquals(2, lab.cloud().count("crm_pipelines"));
        assertEquals(0, gateway.held());
    }

    @Test
    void holdsAnAnswerAfterTheCloudDidTheWork() throws Exception {
        gateway.fault(Fault.holdAnswer().matching("POST", "").times(1));
        var held = CompletableFuture.supplyAsync(this::addPipelineLater);
        Awaitility.await().until(() -> gateway.held() == 1);

        assertEquals(1, lab.cloud().count("crm_pipelines"));
        assertFalse(held.isDone());
        gateway.heal();

        assertEquals(201, held.get(10, TimeUnit.SECONDS).statusCode());
    }

    @Test
    void aHeldRequestIsForgottenWhenItsClientHangsUp() throws Exception {
        gateway.fault(Fault.holdRequest().matching("POST", "").times(1));
        try (var client = new Socket("127.0.0.1", URI.create(gateway.url()).getPort())) {
            client.getOutputStream()
                    .write(("POST " + PIPELINES + " HTTP/1.1\r\nHost: x\r\napikey: " + lab.secretKey()
                                    + "\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{\"name\":\"\"}")
                            .getBytes(StandardCharsets.US_ASCII));
            Awaitility.await().until(() -> gateway.held() == 1);
        }

        gateway.heal();

        Awaitility.await().until(() -> gateway.held() == 0);
        addPipeline();
        assertEquals(1, lab.cloud().count("crm_pipelines"));
    }

    @Test
    void refusesConnectionsUntilHealed() throws Exception {
        calls.get(PIPELINES);
        gateway.fault(Fault.refuse());

        assertThrows(IOException.class, () -> calls.get(PIPELINES), "the kept connection is cut");
        assertThrows(ConnectException.class, () -> calls.get(PIPELINES));

        gateway.heal();
        assertEquals(200, calls.get(PIPELINES).statusCode());
    }

    @Test
    void showsALoginPageForEverything() throws Exception {
        gateway.fault(Fault.captivePortal());

        var answer = addPipeline();

        assertEquals(200, answer.statusCode());
        assertEquals(
                "text/html; charset=utf-8",
                answer.headers().firstValue("Content-Type").orElseThrow());
        assertTrue(answer.body().startsWith("<!doctype html>"));
        assertEquals(0, lab.cloud().count("crm_pipelines"));
    }

    @Test
    void tellsAWrongDate() throws Exception {
        gateway.fault(Fault.dateOffset(Duration.ofHours(3)));

        var answer = calls.get(PIPELINES);

        var date = ZonedDateTime.parse(
                answer.headers().firstValue("Date").orElseThrow(), DateTimeFormatter.RFC_1123_DATE_TIME);
        assertEquals(3, Math.round(SECONDS.between(ZonedDateTime.now(), date) / 3600.0));
    }

    @Test
    void tricklesOverASlowLine() throws Exception {
        gateway.fault(Fault.slowLine(50_000));

        long start = System.nanoTime();
        var bytes = calls.get(PATIENTS + "?limit=20").body().length();

        assertTrue(System.nanoTime() - start >= 1_000_000_000L * bytes / 60_000);
    }

    private HttpResponse<String> addPipeline() throws IOException, InterruptedException {
        return calls.post(PIPELINES, "{\"name\":\"Nuevos\"}", "return=minimal");
    }

    private HttpResponse<String> addPipelineLater() {
        try {
            return addPipeline();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] readAll(HttpResponse<InputStream> answer) {
        try {
            return answer.body().readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
