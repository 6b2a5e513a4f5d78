package com.centrovision.sync.problem;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Says in the reader's language what the clinic's database keeps in English: problems, and why a row is refused. */
public record StoredText(String stored) {
    private static final Pattern PARTS = Pattern.compile("(.*?)((?: \\((?:column|rule|code) [^()]*\\))*)");
    private static final Pattern DETAIL = Pattern.compile(" \\((column|rule|code) ([^()]*)\\)");
    private static final Pattern PROBLEM = Pattern.compile("(CV-[A-Z]+-\\d+) (.*)");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\d)}");
    private static final String PREFIX = "stored.";

    /** In a sentence, as an argument of its text. */
    String in(Locale language) {
        return in(language, stored);
    }

    /** What is not known stays as it is. */
    public static String in(Locale language, String stored) {
        var parts = PARTS.matcher(stored);
        return language.getLanguage().equals("es") && parts.matches()
                ? sentence(language, parts.group(1)) + details(language, parts.group(2))
                : stored;
    }

    private static String sentence(Locale language, String sentence) {
        var problem = PROBLEM.matcher(sentence);
        if (problem.matches()) {
            return problem.group(1) + " "
                    + Stream.of(problem.group(1))
                            .filter(Text.bundle(Locale.ENGLISH)::containsKey)
                            .flatMap(key -> said(language, key, problem.group(2)).stream())
                            .findFirst()
                            .orElse(problem.group(2));
        }
        return Text.bundle(Locale.ENGLISH).keySet().stream()
                .filter(key -> key.startsWith(PREFIX))
                .flatMap(key -> said(language, key, sentence).stream())
                .findFirst()
                .orElse(sentence);
    }

    private static String details(Locale language, String details) {
        return DETAIL.matcher(details)
                .replaceAll(found -> Matcher.quoteReplacement(
                        Text.of(PREFIX + found.group(1), found.group(2)).in(language)));
    }

    /** Empty where this is not the sentence. */
    private static Optional<String> said(Locale language, String key, String sentence) {
        var template = Text.bundle(Locale.ENGLISH).getString(key);
        var places = new ArrayList<Integer>();
        var pattern = new StringBuilder();
        int from = 0;
        var placeholder = PLACEHOLDER.matcher(template);
        while (placeholder.find()) {
            pattern.append(Pattern.quote(template.substring(from, placeholder.start())))
                    .append("(.*)");
            places.add(Integer.valueOf(placeholder.group(1)));
            from = placeholder.end();
        }
        var found = Pattern.compile(
                        pattern.append(Pattern.quote(template.substring(from))).toString())
                .matcher(sentence);
        return found.matches() ? Optional.of(new Text(key, arguments(found, places)).in(language)) : Optional.empty();
    }

    private static List<Object> arguments(Matcher found, List<Integer> places) {
        var arguments = new Object[10];
        Arrays.fill(arguments, "");
        for (int group = 0; group < places.size(); group++) {
            arguments[places.get(group)] = found.group(group + 1);
        }
        return List.of(arguments);
    }
}
