package com.centrovision.sync.config;

import com.centrovision.sync.problem.Nearest;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.problem.Text;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tomlj.TomlTable;

/** The value of every key, from the environment, else the file, else its default; or all that is wrong with them. */
final class Settings {
    private static final int LONGEST_SHOWN = 60;

    private final Path file;
    private final TomlTable toml;
    private final Map<String, String> environment;
    private final Map<Key<?>, Object> values = new HashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    Settings(Path file, TomlTable toml, Map<String, String> environment) {
        this.file = file.getFileName();
        this.toml = toml;
        this.environment = environment;

        toml.keySet().forEach(this::refuseTheUnknown);
        Key.ALL.forEach(key -> find(key).ifPresent(value -> values.put(key, value)));
        Key.TOGETHER.forEach(this::refuseTheHalfFilled);
        if (!problems.isEmpty()) {
            throw Problem.together(problems);
        }
    }

    @SuppressWarnings("unchecked") // only values made by the key's own kind are kept under it
    <T> T get(Key<T> key) {
        return (T) values.get(key);
    }

    private void refuseTheUnknown(String section) {
        var path = List.of(section);
        if (!toml.isTable(path)) {
            refuseKey("", section, path);
        } else if (!Key.SECTIONS.contains(section)) {
            refuse(ProblemCode.CONFIG_UNKNOWN_SECTION, file, line(path), section, Nearest.to(section, Key.SECTIONS));
        } else {
            toml.getTableOrEmpty(path).keySet().stream()
                    .filter(name -> !Key.exists(section, name))
                    .forEach(name -> refuseKey(section, name, List.of(section, name)));
        }
    }

    private void refuseKey(String section, String name, List<String> path) {
        var nearest = Key.nearest(section, name);
        refuse(
                ProblemCode.CONFIG_UNKNOWN_KEY,
                file,
                line(path),
                String.join(".", path),
                nearest.section().equals(section) ? nearest.name() : nearest.qualifiedName());
    }

    /** A channel for alerts that lacks something would be silent when it is needed; a certificate without its key is none. */
    private void refuseTheHalfFilled(Key.Together keys) {
        if (keys.anyOf().stream().anyMatch(this::isFilledIn)) {
            keys.needed().stream()
                    .filter(key -> Optional.empty().equals(values.get(key)))
                    .forEach(this::refuseMissing);
        }
    }

    private boolean isFilledIn(Key<?> key) {
        return values.get(key) instanceof Optional<?> value && value.isPresent();
    }

    private Optional<Object> refuseMissing(Key<?> key) {
        return refuse(
                ProblemCode.CONFIG_REQUIRED,
                file,
                key.qualifiedName(),
                key.description(),
                key.section(),
                key.variable());
    }

    private Optional<?> find(Key<?> key) {
        var variable = Optional.ofNullable(environment.get(key.variable())).filter(text -> !text.isBlank());
        if (variable.isPresent()) {
            return variable.flatMap(text -> fromEnvironment(key, text));
        }
        var written = written(key);
        if (key.required() && written.filter(key::isFilledIn).isEmpty()) {
            return refuseMissing(key);
        }
        return written.isPresent()
                ? written.flatMap(value -> fromFile(key, value))
                : key.kind().fromText(key.sample());
    }

    private Optional<?> fromEnvironment(Key<?> key, String text) {
        var value = key.kind().fromText(text);
        return value.isPresent()
                ? value
                : refuse(
                        ProblemCode.CONFIG_WRONG_VARIABLE,
                        key.variable(),
                        shown(key, text),
                        key.kind().expected());
    }

    private Optional<?> fromFile(Key<?> key, Object written) {
        var value = key.kind().fromFile(written);
        return value.isPresent()
                ? value
                : refuse(
                        ProblemCode.CONFIG_WRONG_VALUE,
                        file,
                        line(List.of(key.section(), key.name())),
                        key.qualifiedName(),
                        shown(key, written),
                        key.kind().expected());
    }

    private Optional<Object> written(Key<?> key) {
        return toml.isTable(List.of(key.section()))
                ? Optional.ofNullable(toml.get(List.of(key.section(), key.name())))
                : Optional.empty();
    }

    private Optional<Object> refuse(ProblemCode code, Object... arguments) {
        problems.add(new Problem(code, arguments));
        return Optional.empty();
    }

    private int line(List<String> path) {
        return toml.inputPositionOf(path).line();
    }

    /** A long text may be a key pasted into the wrong place, and a list or a table is more than fits the line. */
    private static Object shown(Key<?> key, Object value) {
        if (key.secret()
                || value.toString().length() > LONGEST_SHOWN
                || value.toString().startsWith("sb_")
                || !(value instanceof Comparable)) {
            return Text.of("config.not-shown");
        }
        return value instanceof String ? '"' + value.toString() + '"' : value;
    }
}
