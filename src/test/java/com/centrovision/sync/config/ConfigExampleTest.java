package com.centrovision.sync.config;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.Text;
import com.centrovision.sync.testing.GeneratedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigExampleTest {
    private static final Path EXAMPLE = Path.of("config/config.toml.example");

    @Test
    void theExampleShowsEveryKeyWithItsDefaultAndALineOfWhy() throws IOException {
        new GeneratedFile(EXAMPLE, getClass())
                .check(comment(Text.of("config.example"))
                        + Key.SECTIONS.stream().map(ConfigExampleTest::section).collect(joining()));
    }

    @Test
    void theExampleIsCompleteOnceTheClinicsDataIsFilledIn() {
        var config = ConfigFile.read(
                EXAMPLE,
                Map.of(
                        "CENTROVISION_SUPABASE_URL", "https://clinic.example",
                        "CENTROVISION_SUPABASE_SERVICE_KEY", "key",
                        "CENTROVISION_LOCAL_POSTGRES_PASSWORD", "secret"));

        assertEquals(100, config.sync().batchSize());
    }

    @Test
    void theExampleAsItIsAsksForTheClinicsData() {
        var problem = assertThrows(Problem.class, () -> ConfigFile.read(EXAMPLE, Map.of()));

        assertEquals(3, problem.lines(Locale.ENGLISH).size());
    }

    private static String section(String section) {
        return "\n" + comment(Text.of("config." + section)) + "[" + section + "]\n"
                + Key.ALL.stream()
                        .filter(key -> key.section().equals(section))
                        .map(ConfigExampleTest::key)
                        .collect(joining());
    }

    private static String key(Key<?> key) {
        var quote = key.kind().written().equals(String.class) ? "\"" : "";
        return comment(key.description()) + key.name() + " = " + quote + key.sample() + quote + "\n";
    }

    private static String comment(Text text) {
        return "# " + text.in(Locale.forLanguageTag("es")) + "\n# " + text.in(Locale.ENGLISH) + "\n";
    }
}
