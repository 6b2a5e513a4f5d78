package com.centrovision.sync.problem;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.mapping;

import com.centrovision.sync.testing.GeneratedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.stream.Collector;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProblemManualTest {
    private static final String OPENING =
            """
            # Problemas · Problems

            Lo que el programa dice cuando algo anda mal, y qué hacer. What the program says when something is wrong, and
            what to do. Words in *italics* stand for a value. Made from `ProblemCode` and the bundles of texts; write it
            again with `./mvnw test -Dtest=ProblemManualTest -Dmanual.write=true`.

            | se arregla · goes away | |
            |---|---|
            | por sí solo · by itself | the service tries again until it works; nobody has to do anything |
            | por una persona · by a person | trying again helps only after somebody has put something right |
            | nunca · never | the same attempt fails for ever: another one has to be made, or the program has to be mended |

            Salida · Exit is the number with which a command ends when the problem stops it.
            """;

    @Test
    void theManualSaysWhatTheRegistrySays() throws IOException {
        var areas = Stream.of(ProblemCode.values())
                .collect(groupingBy(code -> code.id().split("-")[1], LinkedHashMap::new, joiningSections()));

        new GeneratedFile(Path.of("docs/problems.md"), getClass())
                .check(OPENING
                        + areas.entrySet().stream()
                                .map(area -> "\n## " + area.getKey() + "\n" + area.getValue())
                                .collect(joining()));
    }

    private static Collector<ProblemCode, ?, String> joiningSections() {
        return mapping(ProblemManualTest::section, joining());
    }

    private static String section(ProblemCode code) {
        var names = code.arguments().stream().map(name -> "*" + name + "*").toArray();
        var goesAway =
                switch (code.recovery()) {
                    case RETRIES_BY_ITSELF -> "por sí solo · by itself";
                    case NEEDS_A_PERSON -> "por una persona · by a person";
                    case NEVER -> "nunca · never";
                };
        return "\n### %s\n\n%s\n\n%s\n\nSe arregla · Goes away: %s. Salida · Exit: %d.\n"
                .formatted(
                        code.id(),
                        code.text(names).in(Locale.forLanguageTag("es")),
                        code.text(names).in(Locale.ENGLISH),
                        goesAway,
                        code.exitCode().value());
    }
}
