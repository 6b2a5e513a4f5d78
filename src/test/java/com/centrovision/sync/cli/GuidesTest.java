package com.centrovision.sync.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.problem.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Whoever types what stands in a guide finds that it exists; every alert is explained to whoever gets it. */
class GuidesTest {
    private static final Pattern CODE = Pattern.compile("(?m)^ {4,}(.*)$|`([^`]+)`");
    private static final Pattern OURS = Pattern.compile("(?:^|[ (])(?:bin/)?centrovision-sync +([a-z-][^&|#`]*)");
    private static final Pattern OTHERS = Pattern.compile("(systemctl|apt|journalctl|dpkg)\\b.*");
    private static final Pattern SCRIPT = Pattern.compile("(?:sudo )?install/([a-z_-]+\\.sh)([^#`]*)");
    private static final Pattern EMPHASIS = Pattern.compile("(?<!\\*)\\*([^*\n]+)\\*(?!\\*)");
    private static final Pattern PICTURE = Pattern.compile("!\\[[^]]+]\\(([^)]+)\\)");
    private static final Pattern OPTION = Pattern.compile("--[a-z-]+");

    private final CommandLine all = new Cli(Map.of()).commandLine(Cli.commands());

    @Test
    void everyCommandOfTheGuidesExists() throws IOException {
        var unknown = new ArrayList<String>();
        var seen = 0;
        for (var guide : guides()) {
            for (var code : codes(guide)) {
                var ours = OURS.matcher(code);
                if (!OTHERS.matcher(code.replaceFirst("^sudo ", "")).lookingAt() && ours.find()) {
                    seen++;
                    mistake(ours.group(1)).ifPresent(what -> unknown.add(guide + ": " + code + ": " + what));
                }
            }
        }

        assertEquals(List.of(), unknown);
        assertTrue(seen > 80, () -> "the guides' commands were not found");
    }

    @Test
    void everyOptionOfTheScriptsExists() throws IOException {
        var unknown = new ArrayList<String>();
        for (var guide : guides()) {
            for (var code : codes(guide)) {
                var script = SCRIPT.matcher(code);
                while (script.find()) {
                    var text = Files.readString(Path.of("src/main/assembly/install", script.group(1)));
                    OPTION.matcher(script.group(2))
                            .results()
                            .filter(option ->
                                    !text.contains(option.group() + ")") && !text.contains(option.group() + "="))
                            .forEach(option -> unknown.add(guide + ": " + code));
                }
            }
        }

        assertEquals(List.of(), unknown);
    }

    @Test
    void everyAlertIsExplained() throws IOException {
        var daily = Files.readString(Path.of("docs/daily-use.md"));
        var diario = Files.readString(Path.of("docs/uso-diario.md"));
        var unexplained = Text.bundle(Locale.ENGLISH).keySet().stream()
                .filter(key -> key.matches("alert\\.[a-z-]+\\.title") && !key.equals("alert.test.title"))
                .map(key -> "| `" + key.split("\\.")[1] + "` |")
                .filter(row -> !daily.contains(row) || !diario.contains(row))
                .toList();

        assertEquals(List.of(), unexplained);
    }

    /** The other names of what is seen would be looked for in vain. */
    @Test
    void theSheetCallsWhatIsSeenByTheNameThatItHas() throws IOException {
        for (var sheet : Map.of("sheet", Locale.ENGLISH, "hoja", Locale.forLanguageTag("es"))
                .entrySet()) {
            var bundle = Text.bundle(sheet.getValue());
            var shown = bundle.keySet().stream().map(bundle::getString).toList();
            var named = EMPHASIS.matcher(Files.readString(Path.of("docs", sheet.getKey() + ".md")))
                    .results()
                    .map(found -> found.group(1))
                    .toList();

            assertTrue(named.size() > 3, named::toString);
            assertEquals(
                    List.of(),
                    named.stream().filter(name -> !shown.contains(name)).toList());
        }
    }

    @Test
    void everyPictureOfTheGuidesIsThereAndEveryPictureIsShown() throws IOException {
        var shown = new TreeSet<Path>();
        for (var guide : guides()) {
            PICTURE.matcher(Files.readString(guide))
                    .results()
                    .forEach(found -> shown.add(Path.of("docs", found.group(1))));
        }
        try (var pictures = Files.list(Path.of("docs/pictures"))) {
            assertEquals(shown, new TreeSet<>(pictures.toList()));
        }
    }

    /** Its words up to the first that is no command, and all its options. */
    private Optional<String> mistake(String words) {
        var command = all;
        var isFirst = true;
        for (var word : words.split("  ")[0].strip().split(" ")) {
            var name = word.replaceFirst("=.*", "").replaceFirst("[\\]…,.;:)]+$", "");
            if (name.startsWith("--")) {
                if (!knows(command, name)) {
                    return Optional.of(name);
                }
            } else if (command.getSubcommands().containsKey(name)) {
                command = command.getSubcommands().get(name);
            } else if (!name.contains("|") && !name.isEmpty() && (isFirst || isSubcommand(command, name))) {
                return Optional.of(name);
            }
            isFirst = isFirst && name.startsWith("--");
        }
        return Optional.empty();
    }

    private static boolean isSubcommand(CommandLine command, String word) {
        return !command.getSubcommands().isEmpty()
                && command.getCommandSpec().positionalParameters().isEmpty()
                && word.matches("[a-z-]+");
    }

    private static boolean knows(CommandLine command, String option) {
        for (var at = command; at != null; at = at.getParent()) {
            if (at.getCommandSpec().findOption(option) != null) {
                return true;
            }
        }
        return false;
    }

    private static List<String> codes(Path guide) throws IOException {
        return CODE.matcher(Files.readString(guide))
                .results()
                .map(found -> (found.group(1) == null ? found.group(2) : found.group(1)).strip())
                .toList();
    }

    private static List<Path> guides() throws IOException {
        try (var docs = Files.list(Path.of("docs"))) {
            return Stream.concat(
                            docs.filter(file -> file.toString().endsWith(".md")),
                            Stream.of(Path.of("README.md"), Path.of("LEEME.md")))
                    .sorted()
                    .toList();
        }
    }
}
