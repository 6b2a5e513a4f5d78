package com.centrovision.sync.demo.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Uploads by TUS: what has arrived before a cut stays, and the rest may follow. Threads share it. */
final class ResumableUploads {
    private static final Map<String, String> PROTOCOL = Map.of("Tus-Resumable", "1.0.0");

    private final LabStorage storage;
    private final Path folder;
    private final Map<String, Upload> uploads = new ConcurrentHashMap<>();

    private record Upload(String bucket, String name, String type, long length, boolean replaces, Path file) {}

    ResumableUploads(LabStorage storage, Path folder) {
        this.storage = storage;
        this.folder = folder;
    }

    StorageAnswer answer(StorageRequest request) throws IOException {
        var words = request.words(3);
        if (request.method().equals("POST")) {
            return begin(request);
        }
        var upload = words.size() < 3 ? null : uploads.get(words.get(2));
        if (upload == null) {
            return StorageAnswer.empty(404, PROTOCOL);
        }
        return request.method().equals("HEAD")
                ? progress(200, upload, Map.of("Upload-Length", String.valueOf(upload.length())))
                : append(words.get(2), upload, request);
    }

    void forget() {
        uploads.clear();
    }

    private StorageAnswer begin(StorageRequest request) throws IOException {
        var metadata = new HashMap<String, String>();
        for (var pair : request.header("Upload-Metadata").orElse("").split(",")) {
            var parts = pair.strip().split(" ");
            metadata.put(
                    parts[0],
                    parts.length < 2 ? "" : new String(Base64.getDecoder().decode(parts[1]), StandardCharsets.UTF_8));
        }
        var replaces = request.says("x-upsert", "true");
        var refusal = storage.refusal(metadata.get("bucketName"), metadata.get("objectName"), replaces);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        var id = UUID.randomUUID().toString();
        var file = Files.createFile(folder.resolve(id));
        var length = Long.parseLong(request.header("Upload-Length").orElseThrow());
        uploads.put(
                id,
                new Upload(
                        metadata.get("bucketName"),
                        metadata.get("objectName"),
                        metadata.getOrDefault("contentType", "application/octet-stream"),
                        length,
                        replaces,
                        file));
        // As behind a gateway: scheme and path are those of the storage server, not those that the client has to use.
        return StorageAnswer.empty(
                201, Map.of("Tus-Resumable", "1.0.0", "Location", "https://storage.invalid/upload/resumable/" + id));
    }

    private StorageAnswer append(String id, Upload upload, StorageRequest request) throws IOException {
        var offset = Long.parseLong(request.header("Upload-Offset").orElse("-1"));
        if (offset != Files.size(upload.file())) {
            return new StorageAnswer(409, PROTOCOL, InputStream.nullInputStream(), 0);
        }
        try (var out = Files.newOutputStream(upload.file(), StandardOpenOption.APPEND)) {
            request.body().transferTo(out);
        }
        var answer = progress(204, upload, Map.of());
        if (Files.size(upload.file()) == upload.length()) {
            uploads.remove(id);
            storage.keep(upload.bucket(), upload.name(), upload.type(), upload.file(), true);
        }
        return answer;
    }

    private static StorageAnswer progress(int status, Upload upload, Map<String, String> more) throws IOException {
        var headers = new HashMap<>(PROTOCOL);
        headers.putAll(more);
        headers.put("Upload-Offset", String.valueOf(Files.size(upload.file())));
        return StorageAnswer.empty(status, headers);
    }
}
