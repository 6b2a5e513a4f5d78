package com.centrovision.sync.cloud.storage;

import com.centrovision.sync.cloud.CloudReason;
import com.centrovision.sync.cloud.CloudUnavailableException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.io.entity.StringEntity;

/** What is asked of Supabase's Storage about files, by names that it allows. Threads share it. */
public final class StorageApi implements AutoCloseable {
    /** What the storage makes of an empty folder; nobody's file. */
    private static final String PLACEHOLDER = ".emptyFolderPlaceholder";

    private static final Pattern RANGE = Pattern.compile("^bytes (\\d{1,18})-");

    private final String base;
    private final StorageHttp http;
    private final ObjectMapper json = new ObjectMapper();

    public StorageApi(URI address, String key) {
        this.base = address + "/storage/v1/";
        this.http = new StorageHttp(address, key);
    }

    /** Takes a download as it comes. */
    public interface Receiver {
        /** @param from the first byte that {@code content} holds; 0 where the storage sends all of it */
        void receive(String etag, long from, InputStream content) throws IOException;
    }

    public TusUploads resumableUploads() {
        return new TusUploads(base + "upload/resumable", http);
    }

    /**
     * Throws where the bucket is not there, or the key may not see it: an empty list alone would say neither. Returns how
     * large a file of it may be.
     */
    public long requireBucket(String bucket) throws IOException {
        var found = http.ask(new HttpGet(base + "bucket/" + encoded(bucket)), this::read);
        if (!found.path("id").asText().equals(bucket)) {
            throw notStorage();
        }
        return found.path("file_size_limit").asLong(Long.MAX_VALUE);
    }

    /** @param cursor of the page before; empty for the first one */
    public StoragePage list(String bucket, Optional<String> cursor, int limit) throws IOException {
        var wish = json.createObjectNode().put("prefix", "").put("limit", limit).put("with_delimiter", false);
        cursor.ifPresent(from -> wish.put("cursor", from));
        var request = new HttpPost(base + "object/list-v2/" + encoded(bucket));
        request.setEntity(new StringEntity(wish.toString(), ContentType.APPLICATION_JSON));
        var page = http.ask(request, this::read);
        if (!page.path("objects").isArray() || !page.path("hasNext").isBoolean()) {
            throw notStorage();
        }
        var files = new ArrayList<StoredFile>();
        var unfinished = new ArrayList<String>();
        for (var object : page.path("objects")) {
            var name = object.path("key").asText(object.path("name").asText(""));
            var file = listed(name, object);
            if (file.isPresent()) {
                files.add(file.get());
            } else if (!name.isEmpty() && !name.endsWith(PLACEHOLDER)) {
                unfinished.add(name);
            }
        }
        var next = Optional.of(page.path("nextCursor").asText("")).filter(text -> !text.isEmpty());
        if (page.path("hasNext").asBoolean() && (next.isEmpty() || next.equals(cursor))) {
            throw notStorage();
        }
        return new StoragePage(files, unfinished, page.path("hasNext").asBoolean() ? next : Optional.empty());
    }

    /** Empty where there is no such file; call it where the bucket is known to be there. */
    public Optional<StoredFile> find(String bucket, String name) throws IOException {
        try {
            var info = http.ask(new HttpGet(base + "object/info/" + path(bucket, name)), this::read);
            if (!info.path("size").isNumber()) {
                throw new CloudUnavailableException(CloudReason.DEGRADED, "somebody writes the file now", null);
            }
            return Optional.of(StoredFile.of(
                    name,
                    writtenAt(info),
                    info.path("size").asLong(),
                    info.path("etag").asText(""),
                    info.path("content_type").asText(StoredFile.UNKNOWN_TYPE)));
        } catch (StorageMissingException missing) {
            return Optional.empty();
        }
    }

    /**
     * Returns the ETag of what was received.
     *
     * @param from how many bytes are here already
     */
    public String download(String bucket, String name, long from, Receiver receiver) throws IOException {
        var request = new HttpGet(base + "object/authenticated/" + path(bucket, name));
        if (from > 0) {
            request.setHeader(HttpHeaders.RANGE, "bytes=" + from + "-");
        }
        return http.ask(request, response -> {
            try {
                var etag = Optional.ofNullable(response.getFirstHeader(HttpHeaders.ETAG))
                        .map(header -> StoredFile.plain(header.getValue()))
                        .filter(known -> !known.isEmpty())
                        .orElseThrow(StorageApi::notStorage);
                receiver.receive(etag, beginsAt(response), response.getEntity().getContent());
                return etag;
            } catch (IOException | RuntimeException failure) {
                request.cancel(); // to close the content would be to read all the rest of it
                throw failure;
            }
        });
    }

    /** A whole file at once; {@code replaces} is false where none must be there yet, as far as the storage looks. */
    public void upload(String bucket, String name, HttpEntity content, boolean replaces) throws IOException {
        var request = new HttpPost(base + "object/" + path(bucket, name));
        request.setHeader("x-upsert", String.valueOf(replaces));
        request.setEntity(content);
        http.ask(request, this::read);
    }

    /** A part that does not say where it begins is nobody's. */
    private static long beginsAt(ClassicHttpResponse response) throws CloudUnavailableException {
        if (response.getCode() != HttpStatus.SC_PARTIAL_CONTENT) {
            return 0;
        }
        return Optional.ofNullable(response.getFirstHeader(HttpHeaders.CONTENT_RANGE))
                .map(range -> RANGE.matcher(range.getValue()))
                .filter(Matcher::find)
                .map(range -> Long.parseLong(range.group(1)))
                .orElseThrow(StorageApi::notStorage);
    }

    private static Optional<StoredFile> listed(String name, JsonNode object) throws IOException {
        var metadata = object.path("metadata");
        if (name.isEmpty()
                || name.endsWith(PLACEHOLDER)
                || !metadata.path("size").isNumber()) {
            return Optional.empty();
        }
        return Optional.of(StoredFile.of(
                name,
                writtenAt(object),
                metadata.path("size").asLong(),
                metadata.path("eTag").asText(""),
                metadata.path("mimetype").asText(StoredFile.UNKNOWN_TYPE)));
    }

    /** Lists and single answers call it differently; older storages tell only when the file was first there. */
    private static Instant writtenAt(JsonNode object) throws IOException {
        for (var name : List.of("updated_at", "last_modified", "created_at")) {
            if (object.path(name).isTextual()) {
                return instant(object.path(name).asText());
            }
        }
        throw notStorage();
    }

    private static Instant instant(String time) throws IOException {
        try {
            return Instant.parse(time);
        } catch (DateTimeException unfit) {
            throw notStorage();
        }
    }

    private JsonNode read(ClassicHttpResponse response) throws IOException {
        try (var content = response.getEntity().getContent()) {
            return json.readTree(content);
        } catch (JsonProcessingException portal) {
            throw notStorage();
        }
    }

    private static CloudUnavailableException notStorage() {
        return new CloudUnavailableException(
                CloudReason.CAPTIVE_PORTAL, "something else answered for the storage", null);
    }

    private static String path(String bucket, String name) {
        return Stream.concat(Stream.of(bucket), Stream.of(name.split("/", -1)))
                .map(StorageApi::encoded)
                .collect(Collectors.joining("/"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() throws IOException {
        http.close();
    }
}
