package com.centrovision.sync;

import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.problem.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What people read is complete in both languages, and nothing is kept that nobody reads. */
class MessagesTest {
    /** Of what a command calls a value, see HelpLabels. */
    private static final Pattern LABEL = Pattern.compile("^label\\.");

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\d}");
    /** Keys that are put together: picocli's, which CliTest sees, those of config.toml, which its example shows, and the page's, see PageTextsTest. */
    private static final Pattern PUT_TOGETHER = Pattern.compile(
            "usage\\..*|centrovision-sync\\..*|status\\.(mode|reason)\\..*|conflict\\.(kind|winner)\\..*|config\\.(supabase|local_postgres|sync|storage|logging|console|backup|alerts|example).*|alert\\..*|console\\..*|table\\.state\\..*|files\\.(work|state|reason)\\..*|stored\\..*");

    private final ResourceBundle spanish = Text.bundle(Locale.forLanguageTag("es"));
    private final ResourceBundle english = Text.bundle(Locale.ENGLISH);

    @Test
    void bothLanguagesSayTheSameThings() {
        assertEquals(new TreeSet<>(english.keySet()), new TreeSet<>(spanish.keySet()));
    }

    @Test
    void bothLanguagesTellTheSameValues() {
        for (var key : english.keySet()) {
            assertEquals(placeholders(english.getString(key)), placeholders(spanish.getString(key)), key);
        }
    }

    @Test
    void everyProblemTellsAllItsValues() {
        for (var code : ProblemCode.values()) {
            var expected = IntStream.range(0, code.arguments().size())
                    .mapToObj(position -> "{" + position + "}")
                    .collect(toCollection(TreeSet::new));

            assertEquals(expected, placeholders(spanish.getString(code.id())), code.id());
        }
    }

    @Test
    void everyTextIsRead() throws IOException {
        var sources = sources();

        var unread = spanish.keySet().stream()
                .filter(key -> !PUT_TOGETHER.matcher(key).matches())
                .filter(key -> !sources.contains('"' + LABEL.matcher(key).replaceFirst("") + '"'))
                .toList();

        assertEquals(List.of(), unread);
    }

    /** Of two, the second would hold in the place of the first. */
    @Test
    void everyKeyStandsOnce() throws IOException {
        for (var language : List.of("es", "en")) {
            var seen = new TreeSet<String>();
            for (var line :
                    Files.readAllLines(Path.of("src/main/resources/messages_%s.properties".formatted(language)))) {
                var key = line.replaceFirst("\\s*=.*", "");
                assertTrue(line.isBlank() || line.startsWith("#") || seen.add(key), key);
            }
        }
    }

    @Test
    void noTextIsEmpty() {
        for (var bundle : List.of(spanish, english)) {
            for (var key : bundle.keySet()) {
                assertFalse(bundle.getString(key).isBlank(), key);
            }
        }
    }

    private static Set<String> placeholders(String text) {
        return PLACEHOLDER.matcher(text).results().map(found -> found.group()).collect(toCollection(TreeSet::new));
    }

    private static String sources() throws IOException {
        var all = new StringBuilder();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                all.append(Files.readString(file));
            }
        }
        return all.toString();
    }
}
