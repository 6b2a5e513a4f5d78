package com.centrovision.sync.alerts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.centrovision.sync.testing.Receiver;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImpatientClientTest {
    private final ImpatientClient client = new ImpatientClient(Duration.ofSeconds(1));

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegins"})
    void waitsForNoAnswerWithoutEnd(String beginning) throws IOException {
        try (var server = new ServerSocket(0)) {
            var writer = new Thread(() -> {
                try {
                    var line = server.accept();
                    line.getOutputStream().write(beginning.getBytes(StandardCharsets.UTF_8));
                } catch (IOException closed) {
                    Thread.currentThread().interrupt();
                }
            });
            writer.start();

            assertTimeoutPreemptively(
                    Duration.ofSeconds(20),
                    () -> assertThrows(
                            HttpTimeoutException.class, () -> get("http://127.0.0.1:" + server.getLocalPort())));
        }
    }

    @Test
    void readsNoMoreThanALittle() {
        try (var receiver = new Receiver().answering(200, "x".repeat(100_000))) {
            assertThrows(IOException.class, () -> get(receiver.address()));
        }
    }

    @Test
    void goesNowhereElse() {
        try (var receiver = new Receiver().answering(307, "")) {
            assertEquals(
                    307,
                    assertThrows(ChannelRefusedException.class, () -> get(receiver.address()))
                            .status());
            assertEquals(1, receiver.received().size());
        }
    }

    private String get(String address) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString())
                .body();
    }
}
