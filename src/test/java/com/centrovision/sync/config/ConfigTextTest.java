package com.centrovision.sync.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.problem.Problem;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConfigTextTest {
    private static final ConfigText WRITTEN = new ConfigText(
            """
            [supabase]
            url = "https://PROJECT.supabase.co"
            # password = "of nothing"
            [local_postgres]
              port=5432 # the usual one
            """);

    @Test
    void replacesTheKeyOfItsSectionAndLeavesTheRest() {
        assertEquals(
                WRITTEN.text().replace("  port=5432 # the usual one", "port = 5433"),
                WRITTEN.with("local_postgres", "port", "5433").text());
    }

    @Test
    void addsWhatIsMissing() {
        var text = WRITTEN.with("local_postgres", "password", "x").with("console", "port", "0");

        assertEquals(Optional.of("x"), text.value("local_postgres", "password", Map.of()));
        assertTrue(text.text().endsWith("\n[console]\nport = 0\n"), text.text());
    }

    @Test
    void anyPasswordIsReadAsItWasGiven() {
        for (var password : new String[] {"a\"b\\c", "ñandú €", "#=[x]", "a\tb", "$1 \\\\"}) {
            assertEquals(
                    Optional.of(password),
                    WRITTEN.with("local_postgres", "password", password).value("local_postgres", "password", Map.of()));
        }
    }

    @Test
    void whatTheExampleShowsIsNoAnswer() {
        assertEquals(Optional.empty(), WRITTEN.value("supabase", "url", Map.of()));
        assertTrue(ConfigText.mistake("supabase", "url", "https://PROJECT.supabase.co")
                .isPresent());
        assertTrue(ConfigText.mistake("supabase", "url", "https://clinic.example/rest")
                .isPresent());
        assertTrue(
                ConfigText.mistake("supabase", "url", "https://clinic.example").isEmpty());
    }

    @Test
    void theEnvironmentStandsAboveAndIsWrittenDown() {
        var environment = Map.of("CENTROVISION_SUPABASE_SERVICE_KEY", "k", "CENTROVISION_LOCAL_POSTGRES_PASSWORD", "p");

        var filled = WRITTEN.with("supabase", "url", "https://clinic.example").filledFrom(environment);

        assertEquals(
                "k",
                ConfigFile.read(Path.of("config.toml"), filled.text(), Map.of())
                        .supabase()
                        .serviceKey());
    }

    @Test
    void whatCannotBeReadIsRefusedByTheFilesName() {
        var problem =
                assertThrows(Problem.class, () -> ConfigFile.read(Path.of("x/config.toml"), "[supabase\n", Map.of()));

        assertTrue(problem.getMessage().startsWith("CV-CONFIG-02 config.toml, line 1"), problem.getMessage());
    }
}
