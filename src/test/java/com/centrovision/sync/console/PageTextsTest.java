package com.centrovision.sync.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.problem.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page says nothing by itself: all its words are in the bundles, and all of those are on the page. */
class PageTextsTest {
    private static final Path PAGE = Path.of("src/main/resources/console");
    private static final Pattern KEY = Pattern.compile("[\"'](console\\.[a-z.-]+)[\"']");
    /** Keys that are put together, by their beginnings. */
    private static final Pattern PREFIX = Pattern.compile("`(console\\.[a-z.-]+)\\$\\{|known\\('(console\\.[a-z.-]+)'");

    @Test
    void showsEveryTextAndNoOther() throws IOException {
        var page = page();
        var asked = found(KEY, page);
        var prefixes = found(PREFIX, page);
        var bundle = Text.bundle(Locale.ENGLISH).keySet().stream()
                .filter(key -> key.startsWith("console."))
                .collect(Collectors.toCollection(TreeSet::new));

        assertEquals(
                List.of(),
                asked.stream()
                        .filter(key -> !bundle.contains(key) && !prefixes.contains(key))
                        .toList());
        assertEquals(
                List.of(),
                bundle.stream()
                        .filter(key -> !asked.contains(key) && prefixes.stream().noneMatch(key::startsWith))
                        .toList());
    }

    @Test
    void asksNobodyElseForAnything() throws IOException {
        var page = page();

        assertFalse(page.contains("innerHTML"));
        assertFalse(Pattern.compile("style=|onclick=|javascript:").matcher(page).find());
        assertTrue(page.replace("http://www.w3.org/2000/svg", "")
                .lines()
                .noneMatch(line -> line.matches(".*https?://.*")));
    }

    private static Set<String> found(Pattern pattern, String page) {
        return pattern.matcher(page)
                .results()
                .map(match -> match.group(1) == null ? match.group(2) : match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String page() throws IOException {
        var all = new StringBuilder();
        try (var files = Files.list(PAGE)) {
            for (var file : files.toList()) {
                all.append(Files.readString(file)).append('\n');
            }
        }
        return all.toString();
    }
}
