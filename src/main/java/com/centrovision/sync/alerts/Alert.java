package com.centrovision.sync.alerts;

import com.centrovision.sync.config.Severity;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A problem as it is told: numbers and names of tables, nothing of a row.
 *
 * @param key one problem has one, such as {@code quarantine:patients}
 * @param endedAt when it was seen last, if it is over
 */
public record Alert(
        String key,
        String kind,
        Severity severity,
        Optional<String> table,
        Map<String, Object> numbers,
        Instant since,
        Optional<Instant> endedAt) {

    String number(String name) {
        return String.valueOf(numbers.getOrDefault(name, "-"));
    }
}
