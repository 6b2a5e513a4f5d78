package com.centrovision.sync.bench;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The newest result of each scenario, kept from run to run so that the next one is compared with it. */
final class ResultFile {
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private final Path path;

    ResultFile(Path path) {
        this.path = path;
    }

    Map<String, Result> read() throws IOException {
        return Files.exists(path)
                ? JSON.readValue(path.toFile(), new TypeReference<LinkedHashMap<String, Result>>() {})
                : new LinkedHashMap<>();
    }

    void add(Result result) throws IOException {
        var results = read();
        results.put(result.scenario(), result);
        Files.createDirectories(path.toAbsolutePath().getParent());
        JSON.writeValue(path.toFile(), results);
    }
}
