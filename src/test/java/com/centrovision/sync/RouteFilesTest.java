package com.centrovision.sync;

import static com.centrovision.sync.testing.ShippedFiles.findingsInRoutes;
import static com.centrovision.sync.testing.ShippedFiles.findingsInSql;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouteFilesTest {
    private static final String GOOD =
            """
            # Asks the cloud for a table's changes.
            # A table fills in this template.
            - routeTemplate:
                id: table-down
                description: One table from the cloud to the clinic
                parameters:
                  - name: table
                    description: The name on both sides
                    required: true
                route:
                  group: down
                  from:
                    uri: timer
                    parameters:
                      timerName: down
                      period: "{{interval}}"
                    steps:
                      - delay:
                          constant: "{{delay}}"
                      - enrich:
                          constant: direct:x
                          cacheSize: "{{size}}"
            - templatedRoute:
                routeTemplateRef: table-down
                routeId: patients-down
                parameters:
                  - name: table
                    value: patients
            - route:
                id: cloud-health
                group: connection
                description: Asks whether the cloud answers
                from:
                  uri: direct
                  parameters:
                    name: cloud-health
                  steps:
                    - log:
                        message: asked
            """;

    @TempDir
    Path folder;

    @Test
    void everyRouteFileIsWhatCamelAndAReaderExpect() throws IOException {
        assertEquals(List.of(), findingsInRoutes(Path.of("routes")));
    }

    @Test
    void everyStatementSaysWhatItIsFor() throws IOException {
        assertEquals(List.of(), findingsInSql(Path.of("sql")));
    }

    @Test
    void findsNothingInAGoodFile() throws IOException {
        assertEquals(List.of(), findings(GOOD));
    }

    @Test
    void findsAMisspeltKey() throws IOException {
        var findings = findings(GOOD.replace("message: asked", "mesage: asked"));

        assertTrue(findings.get(0).startsWith("tables/x.camel.yaml: "), findings::toString);
        assertTrue(findings.toString().contains("'mesage'"), findings::toString);
    }

    @Test
    void findsAWrongType() throws IOException {
        assertEquals(
                1, findings(GOOD.replace("required: true", "required: maybe")).size());
    }

    @Test
    void findsANumberInQuotes() throws IOException {
        assertEquals(
                List.of(
                        "tables/x.camel.yaml: $[0].routeTemplate.parameters[0].required: a number or a truth value stands"
                                + " without quotes"),
                findings(GOOD.replace("required: true", "required: \"true\"")));
    }

    @Test
    void findsWhatHasNoName() throws IOException {
        assertEquals(
                List.of("route/group is missing", "route/description is missing"),
                findings(GOOD.replaceAll("(?m)^    (group: conn|description: Asks).*\\n", "")).stream()
                        .map(finding -> finding.replaceFirst(".*: ", ""))
                        .toList());
        assertEquals(
                1, findings(GOOD.replaceFirst("group: down", "nodePrefixId: x")).size());
    }

    @Test
    void findsARouteOutsideOfRoute() throws IOException {
        assertEquals(
                List.of("tables/x.camel.yaml: a route without a name: write it as route: with an id"),
                findings("# One.\n# Two.\n- from:\n    uri: direct:x\n    steps:\n      - log: x\n"));
    }

    @Test
    void findsAFileThatDoesNotSayWhatItIsFor() throws IOException {
        Files.writeString(folder.resolve("claim.sql"), "-- One line only.\nselect 1\n");

        assertEquals(1, findings(GOOD.replaceFirst("(?m)^# A table.*\\n", "")).size());
        assertEquals(1, findingsInSql(folder).size());
    }

    @Test
    void findsWhatIsNotYaml() throws IOException {
        assertEquals(1, findings("# One.\n# Two.\n- route: [\n").size());
    }

    private List<String> findings(String content) throws IOException {
        Files.createDirectories(folder.resolve("tables"));
        Files.writeString(folder.resolve("tables/x.camel.yaml"), content);
        return findingsInRoutes(folder);
    }
}
