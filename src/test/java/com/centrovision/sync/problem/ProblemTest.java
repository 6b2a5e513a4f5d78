package com.centrovision.sync.problem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProblemTest {
    private static final Locale SPANISH = Locale.forLanguageTag("es-HN");

    @Test
    void saysTheCodeWhatIsWrongAndWhatToDoInTheReadersLanguage() {
        var problem = new Problem(ProblemCode.CLOUD_KEY_REFUSED, 401);

        assertEquals(
                "CV-CLOUD-02 Supabase rechazó la clave (HTTP 401). Revise supabase.service_key en config.toml.",
                problem.message(SPANISH));
        assertEquals(
                "CV-CLOUD-02 Supabase refused the key (HTTP 401). Check supabase.service_key in config.toml.",
                problem.message(Locale.FRENCH));
        assertEquals(problem.message(Locale.ENGLISH), problem.getMessage());
    }

    @Test
    void staysOnOneLineWhateverItIsToldAbout() {
        var problem = new Problem(ProblemCode.RUN_UNEXPECTED, "one\r\n\ttwo\u2028three\u001b[31m");

        assertEquals(1, problem.message(SPANISH).lines().count());
        assertTrue(problem.message(SPANISH).contains("one two three [31m"));
    }

    @Test
    void neverReadsAnArgumentAsAPlaceholder() {
        var problem = new Problem(ProblemCode.CLINIC_UNREACHABLE, "{1}$1", 5432);

        assertTrue(problem.message(SPANISH).contains("{1}$1:5432"));
    }

    @Test
    void refusesToBeToldLessThanItsSentenceSays() {
        assertThrows(IllegalArgumentException.class, () -> new Problem(ProblemCode.CLINIC_UNREACHABLE, "localhost"));
    }

    @Test
    void tellsSeveralProblemsALineEachWithTheCodeOfTheFirst() {
        var together = Problem.together(List.of(
                new Problem(ProblemCode.START_WRONG_USE, "a"),
                new Problem(ProblemCode.RUN_UNEXPECTED, "b"),
                new Problem(ProblemCode.RUN_UNEXPECTED, "c")));

        assertEquals(ProblemCode.START_WRONG_USE, together.code());
        assertEquals(
                List.of("CV-START-02", "CV-RUN-99", "CV-RUN-99"),
                together.lines(SPANISH).stream().map(line -> line.split(" ")[0]).toList());
    }

    @Test
    void isFoundInsideWhateverWrapsIt() {
        var problem = new Problem(ProblemCode.CLOUD_BUSY, 503).causedBy(new IOException());

        assertEquals(Optional.of(problem), Problem.in(new RuntimeException(new RuntimeException(problem))));
        assertEquals(Optional.empty(), Problem.in(new RuntimeException(new IOException())));
    }

    @ParameterizedTest
    @EnumSource
    void everyCodeIsNumberedByAreaAndEndsWithAFailure(ProblemCode code) {
        assertTrue(
                code.id()
                        .matches(
                                "CV-(CONFIG|CONSOLE|CLINIC|CLOUD|TABLE|CONFLICT|QUARANTINE|BACKUP|RESTORE|FILE|LOG|RUN|DEMO|START)-\\d\\d"),
                code.id());
        assertTrue(code.exitCode() != ExitCode.OK, code.id());
    }

    @Test
    void theLaunchersSpeakOfAMissingJavaAsTheRegistryDoes() throws IOException {
        var advice = ProblemCode.START_NO_JAVA.text("").in(Locale.ENGLISH).replaceFirst("^.*?\\. ", "");

        for (var launcher : List.of("centrovision-sync", "centrovision-sync.bat")) {
            var script = Files.readString(Path.of("src/main/assembly/bin", launcher));
            assertTrue(script.contains(ProblemCode.START_NO_JAVA.id()) && script.contains(advice), launcher);
        }
    }

    @Test
    void noCodeIsUsedTwice() {
        var seen = new HashSet<String>();

        for (var code : ProblemCode.values()) {
            assertTrue(seen.add(code.id()), code.id());
        }
    }
}
