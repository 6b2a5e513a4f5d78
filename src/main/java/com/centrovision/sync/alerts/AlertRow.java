package com.centrovision.sync.alerts;

import com.centrovision.sync.config.Severity;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Reads an alert from a row of the clinic's database. */
final class AlertRow {
    private static final ObjectMapper JSON = new ObjectMapper();

    private AlertRow() {}

    static Alert alert(Map<String, Object> row) {
        return new Alert(
                (String) row.get("key"),
                (String) row.get("kind"),
                Severity.of((String) row.get("severity")),
                Optional.ofNullable((String) row.get("table_name")),
                numbers(String.valueOf(row.get("numbers"))),
                instant(row.get("since")).orElseThrow(),
                instant(row.get("ended_at")));
    }

    private static Map<String, Object> numbers(String json) {
        try {
            return JSON.readValue(json, new TypeReference<>() {});
        } catch (JsonProcessingException notJson) {
            throw new IllegalStateException(notJson);
        }
    }

    private static Optional<Instant> instant(Object stamp) {
        return Optional.ofNullable((Timestamp) stamp).map(Timestamp::toInstant);
    }
}
