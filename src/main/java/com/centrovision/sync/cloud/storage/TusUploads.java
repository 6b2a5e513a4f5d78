package com.centrovision.sync.cloud.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.apache.hc.client5.http.classic.methods.HttpHead;
import org.apache.hc.client5.http.classic.methods.HttpPatch;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;

/**
 * Uploads that go on after a cut, by the TUS protocol as Supabase speaks it. An upload has an id, good for a day.
 * Threads share it.
 */
public final class TusUploads {
    /** The storage takes parts of this size, the last one apart. */
    public static final int PART_BYTES = 6 << 20;

    private final String address;
    private final StorageHttp http;

    TusUploads(String address, StorageHttp http) {
        this.address = address;
        this.http = http;
    }

    /** The id of a new upload. */
    public String begin(String bucket, String name, String type, long size, boolean replaces) throws IOException {
        var request = tus(new HttpPost(address));
        request.setHeader("Upload-Length", String.valueOf(size));
        request.setHeader(
                "Upload-Metadata", metadata(Map.of("bucketName", bucket, "objectName", name, "contentType", type)));
        request.setHeader("x-upsert", String.valueOf(replaces));
        return http.ask(request, response -> {
            var location = response.getFirstHeader("Location");
            if (location == null) {
                throw new IOException("no place for the upload");
            }
            // What stands before it may be the storage server's own address, which nobody reaches.
            return location.getValue().replaceFirst("^.*/", "");
        });
    }

    /** How many bytes have arrived; empty where the storage knows nothing of the upload any more. */
    public OptionalLong arrived(String id) throws IOException {
        try {
            return OptionalLong.of(http.ask(tus(new HttpHead(address + "/" + id)), TusUploads::offset));
        } catch (StorageMissingException expired) {
            return OptionalLong.empty();
        }
    }

    /** Sends the next part; returns how many bytes have arrived then. */
    public long append(String id, long from, HttpEntity part) throws IOException {
        var request = tus(new HttpPatch(address + "/" + id));
        request.setHeader("Upload-Offset", String.valueOf(from));
        request.setEntity(part);
        return http.ask(request, TusUploads::offset);
    }

    private static ClassicHttpRequest tus(ClassicHttpRequest request) {
        request.setHeader("Tus-Resumable", "1.0.0");
        return request;
    }

    private static long offset(ClassicHttpResponse response) throws IOException {
        var offset = response.getFirstHeader("Upload-Offset");
        if (offset == null || !offset.getValue().matches("\\d{1,18}")) {
            throw new IOException("no offset");
        }
        return Long.parseLong(offset.getValue());
    }

    private static String metadata(Map<String, String> values) {
        return values.entrySet().stream()
                .map(value -> value.getKey() + " "
                        + Base64.getEncoder().encodeToString(value.getValue().getBytes(StandardCharsets.UTF_8)))
                .collect(Collectors.joining(","));
    }
}
