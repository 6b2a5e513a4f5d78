package com.centrovision.sync.cloud;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Protocol 4.5: which answers are an outage, which the refusal of a row, which that of the key. */
class CloudGuardTest {
    private final List<String> heard = new ArrayList<>();
    private final AtomicInteger asked = new AtomicInteger();
    private HttpServer server;
    private CloudHttp http;
    private CloudApi cloud;
    private volatile int status;
    private volatile String code = "";
    private volatile String type = "application/json";
    private volatile String retryAfter = "";
    private volatile long thinksMillis;
    private volatile String encoding = "";
    private volatile boolean compresses;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            encoding = exchange.getRequestHeaders().getFirst("Accept-Encoding");
            sleep(thinksMillis);
            var body = (code.isEmpty() ? "{\"message\":\"no\"}" : "{\"code\":\"" + code + "\"}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", type);
            if (!retryAfter.isEmpty()) {
                exchange.getResponseHeaders().add("Retry-After", retryAfter);
            }
            if (compresses) {
                exchange.getResponseHeaders().add("Content-Encoding", "gzip");
                exchange.sendResponseHeaders(status, 0);
                var zip = new GZIPOutputStream(exchange.getResponseBody());
                zip.write(body);
                zip.finish();
                exchange.getResponseBody().flush();
                sleep(10); // what ends the answer comes alone
            } else {
                exchange.sendResponseHeaders(status, body.length);
                exchange.getResponseBody().write(body);
            }
            exchange.close();
        });
        server.start();
        http = new CloudHttp(
                address(),
                "sb_secret_x",
                new CloudClock(Clock.systemUTC()),
                (reason, askedAt) -> heard.add(reason.word()));
        cloud = new CloudApi(address(), http);
    }

    private URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @AfterEach
    void stop() throws IOException {
        cloud.close();
        http.close();
        server.stop(0);
    }

    private static void sleep(long millis) throws IOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException stopped) {
            throw new IOException(stopped);
        }
    }

    private IOException failure(int answeredStatus, String answeredCode) {
        status = answeredStatus;
        code = answeredCode;
        return assertThrows(IOException.class, cloud::columns);
    }

    @Test
    void aCompressedAnswerLeavesItsConnectionToTheNextRequest() {
        compresses = true;
        status = 200;

        assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            try (var client = http.client()) {
                for (int times = 0; times < 70; times++) {
                    var answer = client.executeOpen(null, new HttpGet(address()), null); // as camel-http does
                    EntityUtils.consume(answer.getEntity());
                }
            }
        });
    }

    @ParameterizedTest
    @CsvSource({
        "500,57014",
        "500,XX000",
        "503,53100",
        "400,P0001",
        "409,23503",
        "403,42501",
        "404,42P01",
        "400,PGRST204"
    })
    void anAnswerWithACodeIsARefusal(int answeredStatus, String answeredCode) {
        var refusal = failure(answeredStatus, answeredCode);

        assertEquals(answeredCode, ((CloudRefusedException) refusal).code());
        assertEquals(List.of("ok"), heard);
    }

    @ParameterizedTest
    @CsvSource({
        "500,''",
        "502,''",
        "503,''",
        "504,''",
        "429,''",
        "503,PGRST000",
        "503,PGRST001",
        "503,PGRST002",
        "504,PGRST003",
        "503,08006",
        "503,57P03",
        "503,53300"
    })
    void aServerThatCannotWorkIsAnOutage(int answeredStatus, String answeredCode) {
        var silence = failure(answeredStatus, answeredCode);

        assertEquals(CloudReason.DEGRADED, ((CloudUnavailableException) silence).reason());
        assertEquals(List.of("degraded"), heard);
    }

    @ParameterizedTest
    @CsvSource({"401,''", "401,PGRST301", "403,''"})
    void aRefusedKeyIsNoRefusalOfTheRow(int answeredStatus, String answeredCode) {
        assertEquals(
                CloudUnauthorizedException.class,
                failure(answeredStatus, answeredCode).getClass());
        assertEquals(List.of("unauthorized"), heard);
    }

    @ParameterizedTest
    @CsvSource({"200", "302", "401", "403", "404", "407", "511"})
    void thePageOfAnotherIsNoAnswerOfTheCloud(int answeredStatus) {
        type = "text/html";

        failure(answeredStatus, "");

        assertEquals(List.of("captive-portal"), heard);
    }

    @ParameterizedTest
    @CsvSource({"402,over-quota", "540,paused"})
    void whatAPersonHasToDoIsToldApart(int answeredStatus, String word) {
        failure(answeredStatus, "");

        assertEquals(List.of(word), heard);
    }

    @ParameterizedTest
    @CsvSource({"429,''", "503,''", "503,PGRST001"})
    void nothingIsAskedWhileTheCloudWantsQuiet(int answeredStatus, String answeredCode) {
        retryAfter = "60";
        failure(answeredStatus, answeredCode);

        var notAsked = failure(200, "");

        assertEquals(CloudNotAskedException.class, notAsked.getClass());
        assertEquals(1, asked.get());
        assertEquals(List.of("degraded", "degraded"), heard);
    }

    @Test
    void whoAsksWhileTheServiceStopsIsNotAnsweredAndNoOutageIsTold() {
        http.close();

        assertThrows(CloudNotAskedException.class, cloud::columns);

        assertEquals(List.of(), heard);
        assertEquals(0, asked.get());
    }

    @Test
    void retryAfterOfARefusalIsNoQuiet() {
        retryAfter = "60";
        failure(409, "23505");

        failure(409, "23505");

        assertEquals(2, asked.get());
    }

    @Test
    void asksANearCloudForAnswersAsTheyAreAndOneFarAwayForCompressedOnes() {
        thinksMillis = 120;
        for (int question = 0; question < 3; question++) {
            failure(500, "57014");
            assertTrue(encoding.contains("gzip"), encoding);
        }

        thinksMillis = 0;
        await().until(() -> {
            failure(500, "57014");
            return encoding.equals("identity");
        });
    }
}
