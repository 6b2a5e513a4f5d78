package com.centrovision.sync.config;

import java.util.Locale;

/** How much a problem matters; the later, the more. */
public enum Severity {
    INFO,
    WARNING,
    CRITICAL;

    /** As it is written in config.toml, in tables and in JSON. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Severity of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
