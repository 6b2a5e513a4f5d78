package com.centrovision.sync.config;

import com.centrovision.sync.problem.Text;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.event.Level;

/**
 * What may be written for a key. {@code written} is its type in TOML, {@code parse} makes the value out of its text or
 * throws IllegalArgumentException, {@code expected} tells a person what to write. The environment is read by the same
 * rule as the file.
 */
record Kind<T>(Class<?> written, Function<String, T> parse, Text expected) {
    private static final List<Level> LEVELS = List.of(Level.DEBUG, Level.INFO, Level.WARN, Level.ERROR);

    static Kind<Integer> whole(int least, int most) {
        return new Kind<>(
                Long.class,
                text -> within(least, most, Integer.parseInt(text.strip())),
                Text.of("config.whole", least, most));
    }

    static Kind<Boolean> yesOrNo() {
        return new Kind<>(
                Boolean.class,
                text -> Boolean.valueOf(checked(text.strip(), given -> given.matches("true|false"))),
                Text.of("config.yes-or-no"));
    }

    /** Names of buckets with commas between them, as the storage allows them. */
    static Kind<List<String>> buckets() {
        return new Kind<>(
                String.class,
                text -> Stream.of(text.split(","))
                        .map(String::strip)
                        .map(name -> checked(
                                name, given -> given.matches("(?i)(?!\\.centrovision$)[\\w!.*'() &$@=;:+?-]{1,63}")))
                        .distinct()
                        .toList(),
                Text.of("config.buckets"));
    }

    static Kind<Duration> seconds(int least, int most) {
        return new Kind<>(
                Long.class,
                text -> Duration.ofSeconds(within(least, most, Integer.parseInt(text.strip()))),
                Text.of("config.whole", least, most));
    }

    static Kind<Duration> minutes(int least, int most) {
        return new Kind<>(
                Long.class,
                text -> Duration.ofMinutes(within(least, most, Integer.parseInt(text.strip()))),
                Text.of("config.whole", least, most));
    }

    static Kind<Duration> hours(int least, int most) {
        return new Kind<>(
                Long.class,
                text -> Duration.ofHours(within(least, most, Integer.parseInt(text.strip()))),
                Text.of("config.whole", least, most));
    }

    static Kind<String> text() {
        return new Kind<>(String.class, text -> checked(text, given -> !given.isBlank()), Text.of("config.text"));
    }

    /** Printable ASCII without blanks, as keys and host names are. */
    static Kind<String> word() {
        return new Kind<>(String.class, text -> checked(text, word -> word.matches("[!-~]+")), Text.of("config.word"));
    }

    /** So long that nobody guesses it. */
    static Kind<String> token() {
        return new Kind<>(
                String.class, text -> checked(text, token -> token.matches("[!-~]{16,200}")), Text.of("config.token"));
    }

    /** A key with all rights: with one of the apps' own keys every table would look empty. */
    static Kind<String> serviceKey() {
        return new Kind<>(
                String.class,
                text -> checked(text, key -> key.matches("[!-~]+") && !isForApps(key)),
                Text.of("config.service-key"));
    }

    static Kind<Path> file() {
        return new Kind<>(
                String.class,
                text -> checked(Path.of(text), path -> path.getFileName() != null && !text.isBlank()),
                Text.of("config.file"));
    }

    /** Public keys of age, with commas between them; a private one is not for here. */
    static Kind<List<String>> publicKeys() {
        return new Kind<>(
                String.class,
                text -> List.of(
                        checked(text.strip(), keys -> keys.matches("age1[0-9a-z]{58}(\\s*,\\s*age1[0-9a-z]{58})*"))
                                .split("\\s*,\\s*")),
                Text.of("config.public-key"));
    }

    static Kind<Level> level() {
        return new Kind<>(
                String.class,
                text -> checked(Level.valueOf(text.toUpperCase(Locale.ROOT)), LEVELS::contains),
                Text.of("config.level"));
    }

    static Kind<CloudMode> mode() {
        return new Kind<>(
                String.class, text -> CloudMode.valueOf(text.strip().toUpperCase(Locale.ROOT)), Text.of("config.mode"));
    }

    /** An http or https address of a host and nothing below it; a slash at the end is forgiven. */
    static Kind<URI> address() {
        return new Kind<>(String.class, Kind::baseAddress, Text.of("config.address"));
    }

    /** An http or https address of anything. */
    static Kind<URI> link() {
        return new Kind<>(String.class, Kind::anyAddress, Text.of("config.link"));
    }

    static <E extends Enum<E>> Kind<E> oneOf(Class<E> type, String expected) {
        return new Kind<>(
                String.class, text -> Enum.valueOf(type, text.strip().toUpperCase(Locale.ROOT)), Text.of(expected));
    }

    static Kind<Locale> language() {
        return new Kind<>(
                String.class,
                text -> Locale.forLanguageTag(checked(text.strip(), given -> given.matches("es|en"))),
                Text.of("config.language"));
    }

    static Kind<QuietHours> quietHours() {
        return new Kind<>(String.class, QuietHours::parse, Text.of("config.quiet-hours"));
    }

    /** A telephone number with its country, of which the digits count. */
    static Kind<String> phone() {
        return new Kind<>(
                String.class,
                text -> checked(text.replaceAll("[+ ()-]", ""), digits -> digits.matches("\\d{8,15}")),
                Text.of("config.phone"));
    }

    static Kind<String> mailAddresses() {
        return new Kind<>(
                String.class,
                text -> checked(
                        text.strip(), given -> given.matches("[^@\\s,]+@[^@\\s,]+(\\s*,\\s*[^@\\s,]+@[^@\\s,]+)*")),
                Text.of("config.mail-addresses"));
    }

    /** The same, or nothing. */
    static <V> Kind<Optional<V>> maybe(Kind<V> kind) {
        return new Kind<>(
                kind.written(),
                text -> text.isBlank()
                        ? Optional.empty()
                        : Optional.of(kind.parse().apply(text)),
                kind.expected());
    }

    Optional<T> fromFile(Object value) {
        return written.isInstance(value) ? fromText(value.toString()) : Optional.empty();
    }

    Optional<T> fromText(String text) {
        try {
            return Optional.of(parse.apply(text));
        } catch (IllegalArgumentException unfit) {
            return Optional.empty();
        }
    }

    private static boolean isForApps(String key) {
        var parts = key.split("\\.");
        return key.startsWith("sb_publishable_")
                || parts.length == 3
                        && new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8)
                                .matches("(?s).*\"role\"\\s*:\\s*\"(anon|authenticated)\".*");
    }

    private static URI anyAddress(String text) {
        return checked(
                URI.create(text.strip()),
                given -> String.valueOf(given.getScheme()).matches("(?i)https?")
                        && given.getHost() != null
                        && given.getRawUserInfo() == null
                        && given.getRawFragment() == null);
    }

    private static URI baseAddress(String text) {
        var address = URI.create(text.replaceFirst("/+$", ""));
        var alone = URI.create(address.getScheme() + "://" + address.getHost() + port(address));
        return checked(
                address, given -> given.equals(alone) && given.getScheme().matches("(?i)https?"));
    }

    private static String port(URI address) {
        return address.getPort() < 0 ? "" : ":" + within(1, 65535, address.getPort());
    }

    private static int within(int least, int most, int value) {
        return checked(value, number -> number >= least && number <= most);
    }

    private static <V> V checked(V value, Predicate<V> rule) {
        if (!rule.test(value)) {
            throw new IllegalArgumentException();
        }
        return value;
    }
}
