package com.centrovision.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every rule of the protocol has a test that names it, and no test names a rule that is not there. */
class ProtocolRulesTest {
    private static final Pattern RULE = Pattern.compile("(?m)^- \\*\\*(\\d(?:\\.\\d+)+)\\*\\*");
    private static final Pattern CITATION = Pattern.compile("@Rule\\(([^)]*)\\)");
    private static final Pattern NUMBER = Pattern.compile("\"([^\"]*)\"");

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Set<String> rules() {
        return RULE.matcher(read(Path.of("docs/protocol.md")))
                .results()
                .map(rule -> rule.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> cited() throws IOException {
        try (var files = Files.walk(Path.of("src/test/java"))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .flatMap(file -> CITATION.matcher(read(file)).results())
                    .flatMap(citation -> NUMBER.matcher(citation.group(1)).results())
                    .map(number -> number.group(1))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    @Test
    void everyRuleHasATestAndEveryCitationARule() throws IOException {
        assertTrue(rules().size() > 50);
        assertEquals(rules(), cited());
    }
}
