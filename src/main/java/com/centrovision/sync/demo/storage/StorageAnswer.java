package com.centrovision.sync.demo.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What the lab's storage answers; {@code length} is what it says of the body, which may be wrong. */
public record StorageAnswer(int status, Map<String, String> headers, InputStream body, long length) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static StorageAnswer json(Object value) {
        return json(200, value);
    }

    /** As Supabase's: whatever is wrong comes as 400, and what it really is stands in the body. */
    static StorageAnswer wrong(int trueStatus, String code) {
        return json(
                400,
                Map.of(
                        "statusCode",
                        String.valueOf(trueStatus),
                        "code",
                        code,
                        "error",
                        code,
                        "message",
                        "The lab: " + code));
    }

    static StorageAnswer empty(int status, Map<String, String> headers) {
        return new StorageAnswer(status, headers, InputStream.nullInputStream(), 0);
    }

    private static StorageAnswer json(int status, Object value) {
        try {
            var body = JSON.writeValueAsString(value).getBytes(StandardCharsets.UTF_8);
            return new StorageAnswer(
                    status,
                    Map.of("Content-Type", "application/json; charset=utf-8"),
                    new ByteArrayInputStream(body),
                    body.length);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
