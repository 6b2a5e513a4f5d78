package com.centrovision.sync.digest;

import com.centrovision.sync.cloud.CloudReason;
import com.centrovision.sync.cloud.CloudUnavailableException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** Rows whose ids begin alike: how many, and the sum of their digests. */
record Bucket(long rows, String digest) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What a {@code sync_digest} answered, by the beginning of the ids; whatever else answered is no answer. */
    static Map<String, Bucket> read(byte[] answer) throws IOException {
        var buckets = new TreeMap<String, Bucket>();
        var told = tree(answer);
        require(told.isArray());
        for (var bucket : told) {
            require(bucket.size() == 3 && bucket.get(1).canConvertToLong());
            buckets.put(
                    bucket.get(0).asText(),
                    new Bucket(bucket.get(1).longValue(), bucket.get(2).asText()));
        }
        return buckets;
    }

    private static JsonNode tree(byte[] answer) throws IOException {
        try {
            return JSON.readTree(answer);
        } catch (JsonProcessingException cut) {
            throw noDigest();
        }
    }

    private static void require(boolean fact) throws CloudUnavailableException {
        if (!fact) {
            throw noDigest();
        }
    }

    private static CloudUnavailableException noDigest() {
        return new CloudUnavailableException(CloudReason.DEGRADED, "the answer is no digest of a table", null);
    }
}
