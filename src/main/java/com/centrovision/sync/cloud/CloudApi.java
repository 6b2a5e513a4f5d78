package com.centrovision.sync.cloud;

import com.centrovision.sync.cloud.line.Patience;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpHead;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;

/** What is asked of the cloud outside of routes: whether it answers, and which tables and columns it has. */
public final class CloudApi implements AutoCloseable {
    private final URI rest;
    private final CloseableHttpClient client;
    private final ObjectMapper json = new ObjectMapper();

    public CloudApi(URI address, CloudHttp http) {
        this.rest = URI.create(address + "/rest/v1/");
        this.client = http.client();
    }

    /** Asks for no row of a table; returns when the cloud's database has answered, with or without that table. */
    public void check(String table, Patience patience) throws IOException {
        var context = HttpClientContext.create();
        patience.holdsFor(context);
        try {
            client.execute(new HttpGet(rest.resolve(table + "?select=id&limit=0")), context, response -> {
                EntityUtils.consume(response.getEntity());
                return null;
            });
        } catch (CloudRefusedException answered) {
            // An answer about the table is an answer of the cloud.
        }
    }

    /** How many rows a table has in the cloud; {@code filter} is a PostgREST filter, or empty. */
    public long count(String table, String filter) throws IOException {
        var request = new HttpHead(rest.resolve(table + "?select=id" + (filter.isEmpty() ? "" : "&" + filter)));
        request.setHeader("Prefer", "count=exact");
        return client.execute(request, response -> {
            var range = response.getHeader("Content-Range");
            var count = range == null ? "" : range.getValue().replaceFirst(".*/", "");
            if (!count.matches("\\d{1,18}")) {
                throw new CloudUnavailableException(CloudReason.DEGRADED, "the answer has no count", null);
            }
            return Long.parseLong(count);
        });
    }

    /** Rows of a table as PostgREST wrote them; {@code query} is what follows the table's name. */
    public byte[] rows(String table, String query) throws IOException {
        return client.execute(new HttpGet(rest.resolve(table + "?" + query)), response -> {
            try (var content = response.getEntity().getContent()) {
                return content.readAllBytes();
            }
        });
    }

    /** What a function of the cloud answers to these arguments, a JSON object. */
    public byte[] call(String function, String arguments) throws IOException {
        var request = new HttpPost(rest.resolve("rpc/" + function));
        request.setEntity(new StringEntity(arguments, ContentType.APPLICATION_JSON));
        return client.execute(request, response -> {
            try (var content = response.getEntity().getContent()) {
                return content.readAllBytes();
            }
        });
    }

    /** The columns of every table that the key may see, from PostgREST's OpenAPI description. */
    public Map<String, Set<String>> columns() throws IOException {
        return client.execute(new HttpGet(rest), response -> {
            var columns = new TreeMap<String, Set<String>>();
            try (var content = response.getEntity().getContent()) {
                var definitions = json.readTree(content).path("definitions");
                definitions.properties().forEach(table -> {
                    var names = new TreeSet<String>();
                    table.getValue().path("properties").fieldNames().forEachRemaining(names::add);
                    columns.put(table.getKey(), names);
                });
            }
            return columns;
        });
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
