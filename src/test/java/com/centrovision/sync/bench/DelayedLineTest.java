package com.centrovision.sync.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class DelayedLineTest {
    private static final LineShape SHAPE = new LineShape(Duration.ofMillis(40), 1_000_000);

    @Test
    void bytesComeInOrderNotBeforeTheirTimeAndNotFasterThanTheLine() throws Exception {
        var sent = new byte[100_000];
        new Random(7).nextBytes(sent);
        try (var echo = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var line = new DelayedLine(echo.getLocalPort(), SHAPE)) {
            var server = CompletableFuture.runAsync(() -> sendBack(echo));
            var watch =
                    new Stopwatch(); // before the line hears of the connection: its first round trip counts from then
            try (var client = new Socket(InetAddress.getLoopbackAddress(), line.port())) {
                client.getOutputStream().write(sent);
                client.shutdownOutput();
                var heard = client.getInputStream().readNBytes(sent.length);
                var seconds = watch.seconds();

                assertArrayEquals(sent, heard);
                assertTrue(seconds >= 0.040 + 0.040 + 0.100, () -> "too early: " + seconds);
            }
            server.join();
            assertEquals(2L * sent.length, line.traffic().bytes());
            assertEquals(1, line.traffic().mostChanging());
        }
    }

    private static void sendBack(ServerSocket listener) {
        try (var socket = listener.accept()) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException over) {
            throw new UncheckedIOException(over);
        }
    }
}
