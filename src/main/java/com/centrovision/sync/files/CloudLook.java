package com.centrovision.sync.files;

import com.centrovision.sync.cloud.CloudRefusedException;
import com.centrovision.sync.cloud.CloudUnavailableException;
import com.centrovision.sync.cloud.storage.StorageApi;
import com.centrovision.sync.cloud.storage.StoredFile;
import com.centrovision.sync.config.Config;
import com.centrovision.sync.connection.Connection;
import com.centrovision.sync.files.FileManifest.Listed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Looks what is in the cloud's buckets by now. What a list lacks counts as gone only where key and bucket were proved good
 * before and after it, and where not too much is gone at once. One thread at a time.
 */
public final class CloudLook {
    private static final Logger LOG = LoggerFactory.getLogger(CloudLook.class);
    private static final int PAGE = 1000;
    private static final String SHORTENED = "%~";

    private final List<String> buckets;
    private final Duration interval;
    private final Config.Reconcile limits;
    private final StorageApi storage;
    private final FileManifest manifest;
    private final FileNames names;
    private final Connection connection;
    private final Map<String, String> told = new HashMap<>();
    private long dueAt = System.nanoTime();

    CloudLook(
            Config.Storage settings,
            Config.Reconcile limits,
            StorageApi storage,
            FileManifest manifest,
            FileNames names,
            Connection connection) {
        this.buckets = settings.buckets();
        this.interval = settings.interval();
        this.limits = limits;
        this.storage = storage;
        this.manifest = manifest;
        this.names = names;
        this.connection = connection;
    }

    /** Called by the route {@code files-list}. */
    public void look() {
        if (System.nanoTime() - dueAt < 0 || !connection.isOpen()) {
            return;
        }
        dueAt = System.nanoTime() + interval.toNanos();
        Buckets.each(buckets, bucket -> {
            try {
                lookAt(bucket);
            } catch (IOException failure) {
                lookAgainSoon();
                failed(bucket, failure);
            } catch (DataAccessException untaken) {
                lookAgainSoon();
                throw untaken;
            }
        });
    }

    private void lookAgainSoon() {
        dueAt = System.nanoTime()
                + Math.min(interval.toNanos(), Duration.ofSeconds(30).toNanos());
    }

    private void lookAt(String bucket) throws IOException {
        storage.requireBucket(bucket);
        var began = manifest.beginListing(bucket);
        var cursor = Optional.<String>empty();
        long files = 0;
        do {
            connection.requireOpen();
            var page = storage.list(bucket, cursor, PAGE);
            manifest.noteListed(
                    bucket, began, page.files().stream().map(this::listed).toList());
            manifest.noteUnfinished(bucket, page.unfinished());
            files += page.files().size();
            cursor = page.next();
        } while (cursor.isPresent());
        storage.requireBucket(bucket);
        var refused = manifest.endListing(bucket, began, limits.maxDeleteRows(), limits.maxDeletePercent());
        if (refused == 0) {
            told.remove(bucket);
        } else if (isNews(bucket, "gone " + refused)) {
            LOG.warn("files gone in the cloud stay here until confirmed bucket={} files={}", bucket, refused);
        }
        LOG.debug("bucket listed bucket={} files={}", bucket, files);
    }

    private boolean isNews(String bucket, String what) {
        return !what.equals(told.put(bucket, what));
    }

    private Listed listed(StoredFile file) {
        var local = names.inFolder(file.name()).orElseGet(() -> shortened(file.name()));
        return new Listed(
                file.name(),
                local,
                names.besideInFolder(file.name()).orElse(null),
                file.version(),
                file.size(),
                file.etag(),
                file.type(),
                file.writtenAt());
    }

    /** What no system can have as a name is kept under one that only the manifest can take back. */
    static String shortened(String name) {
        try {
            var digest = MessageDigest.getInstance("MD5").digest(name.getBytes(StandardCharsets.UTF_8));
            return SHORTENED
                    + HexFormat.of().formatHex(digest)
                    + name.replaceFirst("^.*?(\\.[A-Za-z0-9]{1,8})?$", "$1");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static boolean isShortened(String localName) {
        return localName.matches("(.*/)?%~[0-9a-f]{32}(\\.\\w{1,8})?");
    }

    private void failed(String bucket, IOException failure) {
        if (failure instanceof CloudUnavailableException silence) {
            manifest.noteBucketFailure(bucket, silence.reason().word());
        } else {
            var code = failure instanceof CloudRefusedException refusal ? refusal.code() : "unauthorized";
            manifest.noteBucketFailure(bucket, code);
            if (isNews(bucket, code)) {
                LOG.warn("bucket not listed bucket={} code={}", bucket, code);
            }
        }
    }
}
