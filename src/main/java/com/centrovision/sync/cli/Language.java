package com.centrovision.sync.cli;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** The language of the person at the keyboard: Spanish, or English for everybody else. */
final class Language {
    private static final Locale SPANISH = Locale.forLanguageTag("es");

    private Language() {}

    /** The program's own variable stands above those of the system, and they above what Java found out. */
    static Locale of(Map<String, String> environment, String java) {
        var variables = Stream.of("CENTROVISION_SYNC_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
                .map(name -> environment.getOrDefault(name, ""));
        return Stream.concat(variables, Stream.of(java))
                        .filter(language -> !language.isBlank())
                        .findFirst()
                        .filter(language -> language.startsWith("es"))
                        .isPresent()
                ? SPANISH
                : Locale.ENGLISH;
    }
}
