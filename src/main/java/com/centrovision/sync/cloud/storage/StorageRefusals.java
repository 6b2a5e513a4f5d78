package com.centrovision.sync.cloud.storage;

import com.centrovision.sync.cloud.CloudNotAskedException;
import com.centrovision.sync.cloud.CloudReason;
import com.centrovision.sync.cloud.CloudRefusedException;
import com.centrovision.sync.cloud.CloudUnauthorizedException;
import com.centrovision.sync.cloud.CloudUnavailableException;
import com.centrovision.sync.cloud.RetryAfter;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.hc.client5.http.utils.DateUtils;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpHeaders;

/**
 * What an answer of the storage really says: most errors come as HTTP 400 with the true status and code in the body.
 * Remembers for how long it asked to be left alone. Threads share it.
 */
final class StorageRefusals {
    private static final int ERROR_BYTES = 65_536;

    /** As a power of two, in seconds. */
    private static final int LONGEST_PAUSE = 5;

    private final ObjectMapper json = new ObjectMapper();
    private final LongSupplier nanos;
    private long quietUntil;
    private int unansweredInARow;

    StorageRefusals(LongSupplier nanos) {
        this.nanos = nanos;
        this.quietUntil = nanos.getAsLong();
    }

    synchronized void requireNoQuiet() throws CloudNotAskedException {
        if (quietUntil - nanos.getAsLong() > 0) {
            throw new CloudNotAskedException(CloudReason.DEGRADED);
        }
    }

    synchronized void answered() {
        unansweredInARow = 0;
    }

    /** A storage that is away is not asked by every file in turn. */
    synchronized void unanswered() {
        var pause = Duration.ofSeconds(1L << Math.min(unansweredInARow++, LONGEST_PAUSE));
        keepQuiet(pause);
    }

    /** A storage that answers, but not this: it may be the one file's trouble, and others need not wait for long. */
    synchronized void troubled() {
        keepQuiet(Duration.ofSeconds(1));
    }

    private void keepQuiet(Duration time) {
        var end = nanos.getAsLong() + time.toNanos();
        if (end - quietUntil > 0) {
            quietUntil = end;
        }
    }

    void check(ClassicHttpResponse response) throws IOException {
        if (response.getCode() < 300) {
            return;
        }
        var error = error(response);
        var status = error.path("statusCode").asInt(response.getCode());
        if (response.getCode() < 400 || error.isMissingNode() && hasText(response)) {
            throw unavailable(CloudReason.CAPTIVE_PORTAL, response.getCode());
        }
        if (status == 429 || status == 503) {
            learnQuiet(response);
        }
        switch (status) {
            case 401, 403 -> throw new CloudUnauthorizedException(status);
            case 402 -> throw unavailable(CloudReason.OVER_QUOTA, status);
            case 540 -> throw unavailable(CloudReason.PAUSED, status);
            case 404, 410 -> throw new StorageMissingException(status, code(error, status));
            default -> {
                if (status == 429 || status >= 500) {
                    throw unavailable(CloudReason.DEGRADED, status);
                }
                throw new CloudRefusedException(status, code(error, status));
            }
        }
    }

    private static boolean hasText(ClassicHttpResponse response) {
        return response.getEntity() != null
                && Optional.ofNullable(response.getEntity().getContentType())
                        .filter(type -> type.contains("html"))
                        .isPresent();
    }

    private JsonNode error(ClassicHttpResponse response) throws IOException {
        var body = response.getEntity();
        if (body == null) {
            return MissingNode.getInstance();
        }
        try (var content = body.getContent()) {
            var parsed = json.readTree(content.readNBytes(ERROR_BYTES));
            return parsed != null && parsed.isObject() ? parsed : MissingNode.getInstance();
        } catch (JsonProcessingException notJson) {
            return MissingNode.getInstance();
        }
    }

    /** A word of the storage's own, never its message: that names files. */
    private static String code(JsonNode error, int status) {
        return Optional.of(error.path("code").asText(error.path("error").asText("")))
                .filter(word -> word.matches("[A-Za-z_]{3,40}"))
                .orElse("HTTP" + status);
    }

    private synchronized void learnQuiet(ClassicHttpResponse response) {
        var said = DateUtils.parseStandardDate(response, HttpHeaders.DATE);
        var cloudNow = said == null ? Instant.now() : said;
        keepQuiet(RetryAfter.of(response.getFirstHeader(HttpHeaders.RETRY_AFTER), cloudNow));
    }

    private static CloudUnavailableException unavailable(CloudReason reason, int status) {
        return new CloudUnavailableException(reason, "the storage did not answer (HTTP " + status + ")", null);
    }
}
