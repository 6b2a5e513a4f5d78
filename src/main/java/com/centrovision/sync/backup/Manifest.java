package com.centrovision.sync.backup;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of a backup without opening it, kept beside it. Numbers and names of tables, nothing of a row.
 *
 * @param proved whether it was restored into another database, and was the same there
 * @param problem the code of what was wrong when that was tried; empty where nothing was
 * @param roles who must exist where it is restored
 * @param contents rows and digest of each table
 */
record Manifest(
        String madeAt,
        String database,
        String serviceVersion,
        int serverVersion,
        long bytes,
        String sha256,
        boolean proved,
        String problem,
        List<String> roles,
        Map<String, String> contents) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    Manifest {
        roles = roles == null ? List.of() : List.copyOf(roles);
        contents = contents == null ? Map.of() : contents;
    }

    byte[] json() throws IOException {
        return JSON.writeValueAsBytes(this);
    }

    /** Empty where there is none, or none that can be read. */
    static Optional<Manifest> read(Path file) {
        try {
            return Optional.of(JSON.readValue(Files.readAllBytes(file), Manifest.class));
        } catch (IOException absent) {
            return Optional.empty();
        }
    }
}
