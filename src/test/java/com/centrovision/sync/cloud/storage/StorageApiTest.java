package com.centrovision.sync.cloud.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.centrovision.sync.cloud.CloudReason;
import com.centrovision.sync.cloud.CloudUnavailableException;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import org.junit.jupiter.api.Test;

class StorageApiTest {
    /** Else the end of a file would be written as its beginning. */
    @Test
    void takesNoPartOfAFileThatDoesNotSayWhereItBegins() throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("ETag", "\"etag\"");
            exchange.sendResponseHeaders(206, 3);
            exchange.getResponseBody().write(new byte[3]);
            exchange.close();
        });
        server.start();
        var address = URI.create("http://localhost:" + server.getAddress().getPort());

        try (var storage = new StorageApi(address, "key")) {
            var refused = assertThrows(
                    CloudUnavailableException.class,
                    () -> storage.download("estudios", "a.jpg", 100, (etag, begins, content) -> {
                        throw new IllegalStateException("received from " + begins);
                    }));
            assertEquals(CloudReason.CAPTIVE_PORTAL, refused.reason());
        } finally {
            server.stop(0);
        }
    }
}
