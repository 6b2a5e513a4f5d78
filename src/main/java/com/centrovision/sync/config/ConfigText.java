package com.centrovision.sync.config;

import com.centrovision.sync.problem.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tomlj.Toml;

/** The text of a config.toml, in which single values are replaced and all else stays as somebody wrote it. */
public record ConfigText(String text) {
    private static final Pattern HEADER = Pattern.compile("\\s*\\[.*");

    /** What stands in the file, or in the example where there is no file yet. */
    public static ConfigText of(Path file, Path example) throws IOException {
        return new ConfigText(Files.exists(file) ? Files.readString(file) : Folders.HERE.in(Files.readString(example)));
    }

    /** What is written for a key, if it is more than the example shows; the environment stands above it. */
    public Optional<String> value(String section, String name, Map<String, String> environment) {
        var key = key(section, name);
        return Optional.ofNullable(environment.get(key.variable()))
                .filter(value -> !value.isBlank())
                .or(() -> Optional.ofNullable(Toml.parse(text).get(List.of(section, name)))
                        .filter(value -> !key.required() || key.isFilledIn(value))
                        .map(Object::toString));
    }

    /** A key that somebody has to fill in. */
    public record Required(String section, String name, String variable) {}

    public static List<Required> required() {
        return Key.ALL.stream()
                .filter(Key::required)
                .map(key -> new Required(key.section(), key.name(), key.variable()))
                .toList();
    }

    /** With what the environment says of keys that have to be filled in: the service may run without it. */
    public ConfigText filledFrom(Map<String, String> environment) {
        var filled = this;
        for (var key : required()) {
            var value = Optional.ofNullable(environment.get(key.variable())).filter(text -> !text.isBlank());
            filled = value.isPresent() ? filled.with(key.section(), key.name(), value.get()) : filled;
        }
        return filled;
    }

    /** What holds for a key of which nothing is written; empty where something has to be. */
    public static Optional<String> usual(String section, String name) {
        var key = key(section, name);
        return key.required() ? Optional.empty() : Optional.of(key.sample());
    }

    public static boolean isSecret(String section, String name) {
        return key(section, name).secret();
    }

    public static Text purpose(String section, String name) {
        return key(section, name).description();
    }

    /** What would have to be written instead; empty where the value is one. */
    public static Optional<Text> mistake(String section, String name, String value) {
        var key = key(section, name);
        return key.isFilledIn(value) || !key.required()
                ? key.kind().fromText(value).isPresent()
                        ? Optional.empty()
                        : Optional.of(key.kind().expected())
                : Optional.of(key.kind().expected());
    }

    public ConfigText with(String section, String name, String value) {
        var line = name + " = " + toml(key(section, name), value);
        var lines = new ArrayList<>(text.lines().toList());
        var header = lines.indexOf("[" + section + "]");
        if (header < 0) {
            lines.addAll(List.of("", "[" + section + "]", line));
            return of(lines);
        }
        for (var at = header + 1;
                at < lines.size() && !HEADER.matcher(lines.get(at)).matches();
                at++) {
            if (lines.get(at).matches("\\s*" + name + "\\s*=.*")) {
                lines.set(at, line);
                return of(lines);
            }
        }
        lines.add(header + 1, line);
        return of(lines);
    }

    private static ConfigText of(List<String> lines) {
        return new ConfigText(String.join("\n", lines) + "\n");
    }

    private static String toml(Key<?> key, String value) {
        if (!key.kind().written().equals(String.class)) {
            return value.strip();
        }
        var escaped = Pattern.compile("[\"\\\\\\p{Cntrl}]")
                .matcher(value)
                .replaceAll(
                        found -> Matcher.quoteReplacement(escape(found.group().charAt(0))));
        return '"' + escaped + '"';
    }

    private static String escape(char letter) {
        return letter == '"' || letter == '\\' ? "\\" + letter : "\\u%04X".formatted((int) letter);
    }

    private static Key<?> key(String section, String name) {
        return Key.ALL.stream()
                .filter(key -> key.section().equals(section) && key.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
