package com.centrovision.sync.problem;

import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A sentence for people that has not chosen its language yet: a key of the bundles and what fills {@code {0}},
 * {@code {1}} … Arguments may be texts themselves. It always comes out as one line.
 */
public record Text(String key, List<Object> arguments) {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\d)}");
    private static final Pattern LINE_BREAKS = Pattern.compile("[\\p{Cntrl}\\u0085\\u2028\\u2029]+");

    public Text {
        arguments = List.copyOf(arguments);
    }

    public static Text of(String key, Object... arguments) {
        return new Text(key, List.of(arguments));
    }

    /** Spanish for readers of Spanish, English for everybody else. */
    public String in(Locale locale) {
        var filled = PLACEHOLDER
                .matcher(bundle(locale).getString(key))
                .replaceAll(found -> Matcher.quoteReplacement(argument(Integer.parseInt(found.group(1)), locale)));
        return LINE_BREAKS.matcher(filled).replaceAll(" ");
    }

    public static ResourceBundle bundle(Locale locale) {
        var language = locale.getLanguage().equals("es") ? locale : Locale.ENGLISH;
        return ResourceBundle.getBundle("messages", language);
    }

    private String argument(int position, Locale locale) {
        var argument = arguments.get(position);
        if (argument instanceof StoredText stored) {
            return stored.in(locale);
        }
        return argument instanceof Text text ? text.in(locale) : argument.toString();
    }
}
