package com.centrovision.sync.cloud;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hc.client5.http.classic.methods.HttpDelete;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPatch;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;

/** What can be learnt of the cloud without changing a row: what the key may do, the columns' types, how long it takes. */
public final class CloudProbe implements AutoCloseable {
    private static final String NO_ROW = "id=eq.00000000-0000-0000-0000-000000000000";
    private static final String NOT_ONE_ROW = "PGRST116";
    private static final String NO_RIGHT = "42501";

    private final URI rest;
    private final CloseableHttpClient client;
    private final ObjectMapper json = new ObjectMapper();

    public CloudProbe(URI address, CloudHttp http) {
        this.rest = URI.create(address + "/rest/v1/");
        this.client = http.client();
    }

    /** The type of each column of every table that the key may see, as PostgreSQL names it. */
    public Map<String, Map<String, String>> types() throws IOException {
        return client.execute(new HttpGet(rest), response -> {
            var tables = new TreeMap<String, Map<String, String>>();
            try (var content = response.getEntity().getContent()) {
                json.readTree(content).path("definitions").properties().forEach(table -> {
                    var types = new TreeMap<String, String>();
                    table.getValue()
                            .path("properties")
                            .properties()
                            .forEach(column -> types.put(
                                    column.getKey(),
                                    column.getValue().path("format").asText()));
                    tables.put(table.getKey(), types);
                });
            }
            return tables;
        });
    }

    /** What the key may not do with a table. */
    public List<String> denied(String table, boolean writes) throws IOException {
        var denied = new ArrayList<String>();
        if (isDenied(new HttpGet(rest.resolve(table + "?select=id&limit=0")))) {
            denied.add("SELECT");
        }
        if (writes) {
            if (isDenied(withBody(new HttpPost(rest.resolve(table + "?columns=id")), "[]"))) {
                denied.add("INSERT");
            }
            if (isDenied(withBody(new HttpPatch(rest.resolve(table + "?" + NO_ROW)), "{\"updated_at\":null}"))) {
                denied.add("UPDATE");
            }
            if (isDenied(new HttpDelete(rest.resolve(table + "?" + NO_ROW)))) {
                denied.add("DELETE");
            }
        }
        return denied;
    }

    /** How long the first row of a table takes in this order. */
    public Duration firstRow(String table, String order) throws IOException {
        var startedAt = System.nanoTime();
        client.execute(new HttpGet(rest.resolve(table + "?select=id&limit=1&order=" + order)), response -> {
            EntityUtils.consume(response.getEntity());
            return null;
        });
        return Duration.ofNanos(System.nanoTime() - startedAt);
    }

    /**
     * A write of no row that asks for exactly one is refused after its rights were tested, and its transaction rolled
     * back: whatever a statement trigger did goes with it.
     */
    private boolean isDenied(HttpUriRequestBase request) throws IOException {
        if (!request.getMethod().equals("GET")) {
            request.setHeader("Accept", "application/vnd.pgrst.object+json");
        }
        try {
            client.execute(request, response -> {
                EntityUtils.consume(response.getEntity());
                return null;
            });
            return false;
        } catch (CloudRefusedException refusal) {
            if (!List.of(NO_RIGHT, NOT_ONE_ROW).contains(refusal.code())) {
                throw refusal;
            }
            return refusal.code().equals(NO_RIGHT);
        }
    }

    private static HttpUriRequestBase withBody(HttpUriRequestBase request, String body) {
        request.setEntity(new StringEntity(body, ContentType.APPLICATION_JSON));
        return request;
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
