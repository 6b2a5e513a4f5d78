package com.centrovision.sync.console;

import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;

/** The JSON object of a request; what does not fit is refused by its name, never by its value. */
record Wish(JsonNode fields) {
    static final int LONGEST_REASON = 500;
    private static final Pattern UUID_TEXT = Pattern.compile("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    static Wish of(Exchange exchange) {
        try {
            var fields = JSON.readTree(Optional.ofNullable(exchange.getMessage().getBody(String.class))
                    .orElse(""));
            if (!fields.isObject()) {
                throw unfit("JSON");
            }
            return new Wish(fields);
        } catch (JsonProcessingException notJson) {
            throw unfit("JSON");
        }
    }

    String text(String name, int longest) {
        var value = fields.path(name);
        if (!value.isTextual()
                || value.textValue().isBlank()
                || value.textValue().indexOf('\0') >= 0
                || value.textValue().length() > longest) {
            throw unfit(name);
        }
        return value.textValue().strip();
    }

    String oneOf(String name, List<String> known) {
        var value = text(name, 100);
        if (!known.contains(value)) {
            throw unfit(name);
        }
        return value;
    }

    /** How many a person has seen: a whole number from 1 on. */
    long count(String name, long most) {
        var value = fields.path(name);
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < 1
                || value.longValue() > most) {
            throw unfit(name);
        }
        return value.longValue();
    }

    /** An object of names, each with one of the known words. */
    Map<String, String> choices(String name, List<String> known) {
        var chosen = new TreeMap<String, String>();
        fields.path(name).properties().forEach(field -> {
            if (!known.contains(field.getValue().asText())) {
                throw unfit(name);
            }
            chosen.put(field.getKey(), field.getValue().asText());
        });
        return chosen;
    }

    /** A whole number of the path, such as the id of a conflict. */
    static long id(Exchange exchange) {
        try {
            return Long.parseLong(exchange.getMessage().getHeader("id", "", String.class));
        } catch (NumberFormatException unfit) {
            throw unfit("id");
        }
    }

    /** The same, of what has no number. */
    static UUID uuid(Exchange exchange) {
        var given = exchange.getMessage().getHeader("id", "", String.class);
        if (!UUID_TEXT.matcher(given).matches()) {
            throw unfit("id");
        }
        return UUID.fromString(given);
    }

    static Problem unfit(String name) {
        return new Problem(ProblemCode.CONSOLE_REQUEST_UNFIT, name);
    }
}
