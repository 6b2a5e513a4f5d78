package com.centrovision.sync.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** What is wrong with the YAML and SQL files that an integrator reads, a line a finding. */
public final class ShippedFiles {
    /** Where alternatives are tried, each of them complains: the deepest place is meant, and a wrong name says most. */
    private static final Comparator<ValidationMessage> CLEAREST = Comparator.comparingInt(
                    (ValidationMessage message) -> message.getInstanceLocation().getNameCount())
            .thenComparingInt(message -> List.of("anyOf", "oneOf", "type", "required", "additionalProperties")
                    .indexOf(message.getType()));

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonSchema SCHEMA = schema();

    private ShippedFiles() {}

    public static List<String> findingsInRoutes(Path folder) throws IOException {
        return findings(folder, ".yaml", ShippedFiles::inRoutes);
    }

    public static List<String> findingsInSql(Path folder) throws IOException {
        return findings(folder, ".sql", content -> withoutPurpose(content, "-- "));
    }

    private interface Check {
        List<String> of(String content);
    }

    private static List<String> findings(Path folder, String ending, Check check) throws IOException {
        if (Files.notExists(folder)) {
            return List.of();
        }
        try (var files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .flatMap(file ->
                            check.of(read(file)).stream().map(finding -> folder.relativize(file) + ": " + finding))
                    .toList();
        }
    }

    private static List<String> inRoutes(String content) {
        var findings = new ArrayList<>(withoutPurpose(content, "# "));
        try {
            var parsed = new Load(LoadSettings.builder().build()).loadFromString(content);
            JsonNode items = JSON.valueToTree(parsed);
            SCHEMA.validate(items).stream()
                    .max(CLEAREST)
                    .map(ShippedFiles::told)
                    .ifPresent(findings::add);
            items.forEach(item -> findings.addAll(unnamed(item)));
        } catch (YamlEngineException exception) {
            findings.add(exception.getMessage().lines().findFirst().orElseThrow());
        }
        return findings;
    }

    /** Two lines at the top say what the file is for. */
    private static List<String> withoutPurpose(String content, String comment) {
        return content.lines().limit(2).filter(line -> line.startsWith(comment)).count() == 2
                ? List.of()
                : List.of("does not open with two lines of '" + comment + "' that say what it is for");
    }

    private static List<String> unnamed(JsonNode item) {
        if (item.has("route")) {
            return missing(item, "/route/id", "/route/group", "/route/description");
        }
        if (item.has("routeTemplate")) {
            return missing(item, "/routeTemplate/id", "/routeTemplate/description", "/routeTemplate/route/group");
        }
        if (item.has("templatedRoute")) {
            return missing(item, "/templatedRoute/routeId");
        }
        return item.has("from") ? List.of("a route without a name: write it as route: with an id") : List.of();
    }

    private static List<String> missing(JsonNode item, String... places) {
        return Stream.of(places)
                .filter(place -> item.at(place).asText().isBlank())
                .map(place -> place.substring(1) + " is missing")
                .toList();
    }

    private static String told(ValidationMessage message) {
        return message.getType().equals("pattern")
                ? message.getInstanceLocation() + ": a number or a truth value stands without quotes"
                : message.getMessage();
    }

    /** Camel's own schema, taught that a placeholder may stand for a number or a truth value. */
    private static JsonSchema schema() {
        try (var source = ShippedFiles.class.getResourceAsStream("/schema/camelYamlDsl.json")) {
            var schema = JSON.readTree(source);
            for (var type : List.of("number", "boolean")) {
                schema.findParents("type").stream()
                        .filter(node -> node.get("type").asText().equals(type))
                        .map(ObjectNode.class::cast)
                        .forEach(node -> node.put("pattern", "\\{\\{")
                                .putArray("type")
                                .add(type)
                                .add("string"));
            }
            return JsonSchemaFactory.getInstance(VersionFlag.V4).getSchema(schema);
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }
}
