package com.centrovision.sync.testing;

import com.centrovision.sync.demo.Lab;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Plain HTTP calls to the lab's cloud with the secret key, for tests that look at the answers themselves. */
public final class CloudCalls {
    private final Lab lab;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    public CloudCalls(Lab lab) {
        this.lab = lab;
    }

    public HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path).GET().build());
    }

    public HttpResponse<String> post(String path, String json, String prefer) throws IOException, InterruptedException {
        return send(request(path)
                .header("Content-Type", "application/json")
                .header("Prefer", prefer)
                .POST(BodyPublishers.ofString(json))
                .build());
    }

    public HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, BodyHandlers.ofString());
    }

    /** A request with the secret key, to be finished by the test. */
    public HttpRequest.Builder request(String path) {
        return requestWithoutKey(path).header("apikey", lab.secretKey());
    }

    public HttpRequest.Builder requestWithoutKey(String path) {
        return HttpRequest.newBuilder(URI.create(lab.supabaseUrl() + path)).timeout(Duration.ofSeconds(30));
    }
}
