package com.centrovision.sync.inspection;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jolokia.json.JSONArray;
import org.jolokia.json.JSONObject;

/** Strikes out of what is shown whatever is a secret of the configuration, or is called by the name of one. Threads share it. */
final class Secrets {
    static final String STRUCK = "xxxxxx";

    /** What is shorter stands in any text by chance. */
    private static final int SHORTEST = 4;

    private static final Pattern NAME =
            Pattern.compile("(?i).*(password|passwd|secret|token|api_?key|service_?key|credential).*");

    private final List<String> values;

    Secrets(Collection<String> values) {
        this.values =
                values.stream().filter(value -> value.length() >= SHORTEST).toList();
    }

    Object masked(Object shown) {
        if (shown instanceof Map<?, ?> fields) {
            var masked = new JSONObject();
            fields.forEach((name, value) -> masked.put(
                    text(String.valueOf(name)),
                    value instanceof String
                                    && NAME.matcher(String.valueOf(name)).matches()
                            ? STRUCK
                            : masked(value)));
            return masked;
        }
        if (shown instanceof Collection<?> items) {
            var masked = new JSONArray(items.size());
            items.forEach(item -> masked.add(masked(item)));
            return masked;
        }
        return shown instanceof String text ? text(text) : shown;
    }

    private String text(String text) {
        var masked = text;
        for (var value : values) {
            masked = masked.replace(value, STRUCK);
        }
        return masked;
    }
}
