package com.centrovision.sync.cloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.cloud.line.Patience;
import com.centrovision.sync.testing.Rule;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Protocol 5: every step of a request ends in time, whatever the other side does not do; and is told apart. */
class LineTimeoutsTest {
    private static final Patience PATIENCE = new Patience(Duration.ofSeconds(1), Duration.ofSeconds(2));
    private static final Duration IN_TIME = Duration.ofSeconds(20);
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final String HEAD =
            """
            HTTP/1.1 200 OK\r
            Content-Type: application/json\r
            Content-Length: 100000\r
            \r
            """;

    private interface Behaviour {
        void serve(Socket client) throws IOException, InterruptedException;
    }

    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final List<Socket> clients = new ArrayList<>();
    private ServerSocket server;
    private CloudHttp http;

    private void server(ServerSocket listening, String scheme, Behaviour behaviour) {
        server = listening;
        var thread = new Thread(() -> accept(behaviour), "line-test");
        thread.setDaemon(true);
        thread.start();
        var address = URI.create(scheme + "://127.0.0.1:" + server.getLocalPort());
        http = new CloudHttp(
                address,
                "sb_secret_x",
                new CloudClock(Clock.systemUTC()),
                (reason, askedAt) -> heard.add(reason.word()),
                PATIENCE);
    }

    private void plain(Behaviour behaviour) throws IOException {
        server(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), "http", behaviour);
    }

    private void accept(Behaviour behaviour) {
        while (!server.isClosed()) {
            try {
                var client = server.accept();
                clients.add(client);
                behaviour.serve(client);
            } catch (IOException | InterruptedException gone) {
                // The client has given up, or the test is over.
            }
        }
    }

    @AfterEach
    void stop() throws IOException {
        http.close();
        server.close();
        for (var client : clients) {
            client.close();
        }
    }

    private void write(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private void endsInTime(String word) throws IOException {
        var startedAt = System.nanoTime();
        try (var cloud = new CloudApi(address(), http)) {
            assertThrows(CloudUnavailableException.class, () -> cloud.rows("patients", "limit=1"));
        }
        wasInTime(startedAt, word);
    }

    private void wasInTime(long startedAt, String word) {
        var took = Duration.ofNanos(System.nanoTime() - startedAt);
        assertTrue(took.compareTo(IN_TIME) < 0, took::toString);
        assertEquals(word, heard.get(heard.size() - 1));
    }

    private URI address() {
        return URI.create((isSecure() ? "https" : "http") + "://127.0.0.1:" + server.getLocalPort());
    }

    private boolean isSecure;

    private boolean isSecure() {
        return isSecure;
    }

    @Test
    @Rule("5.3")
    void connecting() throws IOException {
        var full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        server(full, "http", client -> Thread.sleep(60_000));
        for (int waiting = 0; waiting < 4; waiting++) {
            var client = new Socket();
            clients.add(client);
            try {
                client.connect(full.getLocalSocketAddress(), 300);
            } catch (IOException isFull) {
                break;
            }
        }

        endsInTime("timeout");
    }

    @Test
    @Rule("5.3")
    void theHandshake() throws IOException {
        server(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), "https", client -> {});
        isSecure = true;

        endsInTime("timeout");
    }

    @Test
    @Rule("5.3")
    void theAnswer() throws IOException {
        plain(client -> {});

        endsInTime("timeout");
    }

    @Test
    @Rule("5.3")
    void anAnswerWhoseHeadDrips() throws IOException {
        plain(client -> {
            for (var letter : HEAD.substring(0, 60).split("")) {
                write(client, letter);
                Thread.sleep(400);
            }
        });

        endsInTime("timeout");
    }

    @Test
    @Rule("5.3")
    void theGapBetweenBytes() throws IOException {
        plain(client -> write(client, HEAD + "[{\"id\":1},"));

        endsInTime("timeout");
    }

    @Test
    @Rule("5.3")
    void sendingABodyThatNobodyTakes() throws IOException {
        plain(client -> {});
        var request = new HttpPost(address() + "/rest/v1/patients");
        request.setEntity(new ByteArrayEntity(new byte[16 << 20], ContentType.APPLICATION_JSON));

        var startedAt = System.nanoTime();
        try (var client = http.client()) {
            assertThrows(CloudUnavailableException.class, () -> client.execute(request, response -> null));
        }
        wasInTime(startedAt, "timeout");
    }

    @Test
    @Rule("5.4")
    void somethingThatIsNotTls() throws IOException {
        server(
                new ServerSocket(0, 50, InetAddress.getLoopbackAddress()),
                "https",
                client -> write(client, "HTTP/1.1 400 Bad Request\r\n\r\n"));
        isSecure = true;

        endsInTime("tls");
    }

    @Test
    @Rule("5.4")
    void aCertificateThatNobodyVouchesFor(@TempDir Path folder) throws Exception {
        var store = folder.resolve("store.p12");
        var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        var made = new ProcessBuilder(
                        keytool,
                        "-genkeypair",
                        "-alias",
                        "x",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        assertEquals(0, made.waitFor());
        var keys = KeyStore.getInstance("PKCS12");
        try (var content = Files.newInputStream(store)) {
            keys.load(content, PASSWORD);
        }
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        server(
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress()),
                "https",
                client -> client.getInputStream().read());
        isSecure = true;

        endsInTime("tls");
    }
}
