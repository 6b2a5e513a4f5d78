package com.centrovision.sync.demo.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.springframework.util.FileSystemUtils;

/**
 * A stand-in of our own for Supabase's Storage, which cannot be shipped: buckets, objects, ranges and resumable uploads,
 * with the oddities that a client has to live with. Every error comes as HTTP 400, a missing bucket lists as empty, names
 * hold plain ASCII alone, nothing is compared before it is replaced. Threads share it.
 */
public final class LabStorage implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern LEGAL = Pattern.compile("(\\w|/|!|-|\\.|\\*|'|\\(|\\)| |&|\\$|@|=|;|:|\\+|,|\\?)+");
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");
    private static final int LONGEST_NAME = 1000;
    private static final int MOST_LISTED = 1000;

    private final Path folder;
    private final ResumableUploads uploads;
    private final Map<String, NavigableMap<String, StoredObject>> buckets = new TreeMap<>();
    private Instant latest = Instant.EPOCH;
    private volatile int missingBytes;
    private volatile BiConsumer<String, Long> downloads = (name, sent) -> {};

    public LabStorage() {
        try {
            this.folder = Files.createTempDirectory("lab-storage-");
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
        this.uploads = new ResumableUploads(this, folder);
    }

    /** No buckets, no faults. */
    public synchronized void reset() {
        buckets.values().forEach(objects -> objects.values().forEach(LabStorage::delete));
        buckets.clear();
        uploads.forget();
        missingBytes = 0;
        downloads = (name, sent) -> {};
    }

    public synchronized void createBucket(String bucket) {
        buckets.putIfAbsent(bucket, new TreeMap<>());
    }

    public synchronized void removeBucket(String bucket) {
        buckets.remove(bucket);
    }

    public synchronized List<String> names(String bucket) {
        return List.copyOf(buckets.get(bucket).keySet());
    }

    /** As an app would: whatever is there is replaced. */
    public void put(String bucket, String name, byte[] content) {
        put(bucket, name, content, false);
    }

    /** The same by a resumable upload: no MD5 of it is told. */
    public void putInParts(String bucket, String name, byte[] content) {
        put(bucket, name, content, true);
    }

    private void put(String bucket, String name, byte[] content, boolean inParts) {
        try {
            var file = Files.write(folder.resolve(UUID.randomUUID().toString()), content);
            refusal(bucket, name, true).ifPresent(wrong -> {
                throw new IllegalArgumentException(name);
            });
            keep(bucket, name, "application/octet-stream", file, inParts);
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    public synchronized void remove(String bucket, String name) {
        Optional.ofNullable(buckets.get(bucket).remove(name)).ifPresent(LabStorage::delete);
    }

    public synchronized Path file(String bucket, String name) {
        return buckets.get(bucket).get(name).file();
    }

    public byte[] content(String bucket, String name) {
        try {
            return Files.readAllBytes(file(bucket, name));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** From now on answers hold so many bytes too few, and say nothing about it; 0 ends it. */
    public void shorten(int bytes) {
        missingBytes = bytes;
    }

    /** Hears how many bytes of an object went out, before each next block; what it replaces is mixed into the answer. */
    public void watchDownloads(BiConsumer<String, Long> watcher) {
        downloads = watcher;
    }

    /** Answers the gateway, which has checked that the key is known. */
    public StorageAnswer answer(StorageRequest request) throws IOException {
        var place = request.words(2).get(0);
        if (place.equals("upload") && request.mayAll()) {
            return uploads.answer(request);
        } else if (place.equals("bucket")) {
            return bucket(request);
        } else if (!place.equals("object")) {
            return StorageAnswer.wrong(404, "not_found");
        }
        var words = request.words(4);
        return switch (words.get(1)) {
            case "list-v2" -> list(request, words.get(2));
            case "info" ->
                request.mayAll() ? info(words.get(2), words.get(3)) : StorageAnswer.wrong(404, "NoSuchBucket");
            case "authenticated" -> object(request, words.get(2), words.get(3));
            default -> object(request, words.get(1), request.words(3).get(2));
        };
    }

    /** What an upload is refused for, if it is. */
    synchronized Optional<StorageAnswer> refusal(String bucket, String name, boolean replaces) {
        if (!LEGAL.matcher(name).matches()) {
            return Optional.of(StorageAnswer.wrong(400, "InvalidKey"));
        } else if (name.length() > LONGEST_NAME) {
            return Optional.of(StorageAnswer.wrong(400, "KeyTooLongError"));
        } else if (!buckets.containsKey(bucket)) {
            return Optional.of(StorageAnswer.wrong(404, "NoSuchBucket"));
        } else if (!replaces && buckets.get(bucket).containsKey(name)) {
            return Optional.of(StorageAnswer.wrong(409, "Duplicate"));
        }
        return Optional.empty();
    }

    /** @param inParts such as come from a resumable upload: their ETag is no MD5 of the whole */
    void keep(String bucket, String name, String type, Path file, boolean inParts) throws IOException {
        var etag = md5(file) + (inParts ? "-2" : "");
        synchronized (this) {
            var now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
            latest = now.isAfter(latest) ? now : latest.plusMillis(1);
            var before = Optional.ofNullable(buckets.get(bucket).get(name));
            buckets.get(bucket)
                    .put(
                            name,
                            new StoredObject(
                                    before.map(StoredObject::id).orElseGet(UUID::randomUUID),
                                    UUID.randomUUID().toString(),
                                    file,
                                    Files.size(file),
                                    etag,
                                    type,
                                    before.map(StoredObject::createdAt).orElse(latest),
                                    latest));
        }
    }

    private synchronized StorageAnswer bucket(StorageRequest request) {
        var name = request.words(2).get(1);
        return request.mayAll() && buckets.containsKey(name)
                ? StorageAnswer.json(Map.of("id", name, "name", name, "public", false))
                : StorageAnswer.wrong(404, "NoSuchBucket");
    }

    private synchronized StorageAnswer list(StorageRequest request, String bucket) throws IOException {
        JsonNode wish = JSON.readTree(request.body());
        var limit = Math.min(MOST_LISTED, wish.path("limit").asInt(MOST_LISTED));
        var prefix = wish.path("prefix").asText("");
        var objects =
                request.mayAll() ? buckets.getOrDefault(bucket, new TreeMap<>()) : new TreeMap<String, StoredObject>();
        var behind = objects.tailMap(wish.path("cursor").asText(""), false);
        var found = new ArrayList<Map<String, Object>>();
        var more = false;
        var last = "";
        for (var object : behind.entrySet()) {
            if (!object.getKey().startsWith(prefix)) {
                continue;
            }
            more = found.size() == limit;
            if (more) {
                break;
            }
            last = object.getKey();
            found.add(listed(object.getKey(), object.getValue()));
        }
        var answer = new LinkedHashMap<String, Object>(Map.of("hasNext", more, "folders", List.of(), "objects", found));
        if (more) {
            answer.put("nextCursor", last);
        }
        return StorageAnswer.json(answer);
    }

    private static Map<String, Object> listed(String name, StoredObject object) {
        return Map.of(
                "id", object.id().toString(),
                "name", name,
                "created_at", millis(object.createdAt()),
                "updated_at", millis(object.updatedAt()),
                "last_accessed_at", millis(object.createdAt()),
                "metadata",
                        Map.of(
                                "eTag",
                                '"' + object.etag() + '"',
                                "size",
                                object.size(),
                                "mimetype",
                                object.type(),
                                "cacheControl",
                                "max-age=3600",
                                "contentLength",
                                object.size(),
                                "httpStatusCode",
                                200));
    }

    private synchronized StorageAnswer info(String bucket, String name) {
        return find(bucket, name)
                .map(object -> StorageAnswer.json(Map.of(
                        "id", object.id().toString(),
                        "name", name,
                        "version", object.version(),
                        "bucket_id", bucket,
                        "size", object.size(),
                        "content_type", object.type(),
                        "etag", '"' + object.etag() + '"',
                        "last_modified", millis(object.updatedAt()),
                        "created_at", millis(object.createdAt()))))
                .orElseGet(() -> StorageAnswer.wrong(404, missing(bucket)));
    }

    private StorageAnswer object(StorageRequest request, String bucket, String name) throws IOException {
        if (!request.mayAll()) {
            return StorageAnswer.wrong(404, "NoSuchBucket");
        }
        return switch (request.method()) {
            case "GET", "HEAD" -> download(request, bucket, name);
            case "DELETE" -> delete(bucket, name);
            default -> upload(request, bucket, name);
        };
    }

    private StorageAnswer upload(StorageRequest request, String bucket, String name) throws IOException {
        var replaces = request.says("x-upsert", "true") || request.method().equals("PUT");
        var refusal = refusal(bucket, name, replaces);
        var file = folder.resolve(UUID.randomUUID().toString());
        Files.copy(request.body(), file);
        if (refusal.isPresent()) {
            Files.delete(file);
            return refusal.get();
        }
        keep(bucket, name, request.header("Content-Type").orElse("application/octet-stream"), file, false);
        return StorageAnswer.json(Map.of("Id", UUID.randomUUID().toString(), "Key", bucket + "/" + name));
    }

    private synchronized StorageAnswer delete(String bucket, String name) {
        if (find(bucket, name).isEmpty()) {
            return StorageAnswer.wrong(404, missing(bucket));
        }
        remove(bucket, name);
        return StorageAnswer.json(Map.of("message", "Successfully deleted"));
    }

    private StorageAnswer download(StorageRequest request, String bucket, String name) throws IOException {
        Optional<StoredObject> found;
        synchronized (this) {
            found = find(bucket, name);
        }
        if (found.isEmpty()) {
            return StorageAnswer.wrong(404, missing(bucket));
        }
        var object = found.get();
        var range = RANGE.matcher(request.header("Range").orElse(""));
        var from = range.matches() ? Long.parseLong(range.group(1)) : 0;
        if (from > 0 && from >= object.size()) {
            return StorageAnswer.wrong(416, "InvalidRange");
        }
        var headers = new LinkedHashMap<String, String>();
        headers.put("Content-Type", object.type());
        headers.put("ETag", '"' + object.etag() + '"');
        headers.put("Accept-Ranges", "bytes");
        if (range.matches()) {
            headers.put("Content-Range", "bytes " + from + "-" + (object.size() - 1) + "/" + object.size());
        }
        var length = Math.max(0, object.size() - from - missingBytes);
        return new StorageAnswer(
                range.matches() ? 206 : 200, headers, new Download(bucket, name, object.file(), from, length), length);
    }

    private synchronized Optional<StoredObject> find(String bucket, String name) {
        return Optional.ofNullable(buckets.get(bucket)).map(objects -> objects.get(name));
    }

    private synchronized String missing(String bucket) {
        return buckets.containsKey(bucket) ? "NoSuchKey" : "NoSuchBucket";
    }

    private static String millis(Instant time) {
        return time.truncatedTo(ChronoUnit.MILLIS).toString().replaceFirst("(:\\d\\d)Z$", "$1.000Z");
    }

    private static String md5(Path file) throws IOException {
        try (var in = new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("MD5"))) {
            in.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void delete(StoredObject object) {
        try {
            Files.deleteIfExists(object.file());
        } catch (IOException undeletable) {
            throw new UncheckedIOException(undeletable);
        }
    }

    @Override
    public void close() {
        FileSystemUtils.deleteRecursively(folder.toFile());
    }

    /** An object's bytes; where it is replaced meanwhile, the rest is of its new version. */
    private final class Download extends InputStream {
        private static final int BLOCK = 65_536;

        private final String bucket;
        private final String name;
        private final long from;
        private Path file;
        private InputStream in;
        private long sent;
        private long left;

        Download(String bucket, String name, Path file, long from, long length) throws IOException {
            this.bucket = bucket;
            this.name = name;
            this.from = from;
            this.left = length;
            open(file);
        }

        private void open(Path version) throws IOException {
            file = version;
            in = Files.newInputStream(version);
            in.skipNBytes(Math.min(from + sent, Files.size(version)));
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            downloads.accept(name, from + sent);
            var now = find(bucket, name).map(StoredObject::file).orElse(file);
            if (!now.equals(file)) {
                in.close();
                open(now);
            }
            var count = in.read(buffer, offset, (int) Math.min(Math.min(length, BLOCK), left));
            if (count < 0) {
                return -1;
            }
            sent += count;
            left -= count;
            return count;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
