package com.centrovision.sync.backup;

import java.time.Instant;
import java.util.Optional;

/**
 * A backup as it lies in its folder.
 *
 * @param proved whether it was restored on trial when it was made, and was the same there
 * @param problem the code of why it was not
 */
public record KeptBackup(String name, Instant madeAt, long bytes, boolean proved, Optional<String> problem, long rows) {
    /** For how long it counts; an extra one is kept because it is among the newest, or was not proved. */
    public enum Kind {
        DAILY,
        WEEKLY,
        MONTHLY,
        EXTRA
    }

    static long rows(Manifest manifest) {
        return manifest.contents().values().stream()
                .mapToLong(content -> Long.parseLong(content.split("/")[0]))
                .sum();
    }
}
