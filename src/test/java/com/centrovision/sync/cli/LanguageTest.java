package com.centrovision.sync.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

class LanguageTest {
    @Test
    void speaksTheLanguageOfTheSystem() {
        assertEquals("es", language(Map.of("LANG", "es_HN.UTF-8"), "en"));
        assertEquals("en", language(Map.of("LANG", "C.UTF-8"), "es"));
        assertEquals("en", language(Map.of("LANG", "es_HN.UTF-8", "LC_ALL", "de_DE"), "es"));
    }

    @Test
    void asksJavaWhereTheSystemSaysNothing() {
        assertEquals("es", language(Map.of(), "es"));
        assertEquals("en", language(Map.of("LANG", ""), "fr"));
    }

    @Test
    void speaksTheLanguageItIsTold() {
        assertEquals("es", language(Map.of("CENTROVISION_SYNC_LANG", "es", "LC_ALL", "en_US"), "en"));
        assertEquals("en", language(Map.of("CENTROVISION_SYNC_LANG", "en", "LC_ALL", "es_HN"), "es"));
    }

    private static String language(Map<String, String> environment, String java) {
        return Language.of(environment, java).getLanguage();
    }
}
