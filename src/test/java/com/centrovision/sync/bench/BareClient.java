package com.centrovision.sync.bench;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.zip.GZIPInputStream;

/** One keep-alive connection to the cloud, and nothing else: what the line and the server give at best. For one thread. */
final class BareClient {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String address;
    private final String key;
    private final boolean compressed;

    BareClient(int port, String key, boolean compressed) {
        this.address = "http://127.0.0.1:" + port + "/rest/v1/";
        this.key = key;
        this.compressed = compressed;
    }

    record Answer(byte[] body, HttpResponse<byte[]> response) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        /** How many rows the answer says to hold. */
        int rows() {
            var range = response.headers().firstValue("Content-Range").orElseThrow();
            var bounds = range.split("/")[0].split("-");
            return bounds.length < 2 ? 0 : Integer.parseInt(bounds[1]) - Integer.parseInt(bounds[0]) + 1;
        }
    }

    Answer get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    Answer post(String path, String body, String prefer) throws IOException, InterruptedException {
        return send(withBody(path, prefer).POST(BodyPublishers.ofString(body)));
    }

    Answer patch(String path, String body) throws IOException, InterruptedException {
        return send(withBody(path, "return=representation").method("PATCH", BodyPublishers.ofString(body)));
    }

    private HttpRequest.Builder withBody(String path, String prefer) {
        return request(path).header("Content-Type", "application/json").header("Prefer", prefer);
    }

    private HttpRequest.Builder request(String path) {
        var request = HttpRequest.newBuilder(URI.create(address + path))
                .timeout(PATIENCE)
                .header("apikey", key);
        return compressed ? request.header("Accept-Encoding", "gzip") : request;
    }

    private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        var response = client.send(request.build(), BodyHandlers.ofByteArray());
        if (response.statusCode() >= 300) {
            throw new Unfinished("the cloud answered " + response.statusCode());
        }
        var isCompressed = response.headers().firstValue("Content-Encoding").isPresent();
        return new Answer(isCompressed ? unpacked(response.body()) : response.body(), response);
    }

    private static byte[] unpacked(byte[] body) throws IOException {
        try (var unpacking = new GZIPInputStream(new ByteArrayInputStream(body), 64 * 1024)) {
            return unpacking.readAllBytes();
        }
    }
}
