package com.centrovision.sync.problem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class StoredTextTest {
    private static final Locale SPANISH = Locale.forLanguageTag("es");
    private static final Pattern REASON = Pattern.compile("(?:then|else)\\s+('(?:[^']|''|'\\s*\\|\\|\\s*')*')");

    @Test
    void everyReasonThatTheDatabaseGivesIsSaidInSpanish() throws IOException {
        var reasons = REASON.matcher(Files.readString(Path.of("sql/functions/R__sync_reason.sql")))
                .results()
                .map(found -> found.group(1)
                        .replaceAll("(?<!')'\\s*\\|\\|\\s*'", "")
                        .replaceAll("^'|'$", "")
                        .replace("''", "'"))
                .toList();

        assertTrue(reasons.size() > 20, reasons.toString());
        for (var reason : reasons) {
            assertEquals(reason, StoredText.in(Locale.ENGLISH, reason));
            assertNotEquals(reason, StoredText.in(SPANISH, reason));
        }
    }

    @Test
    void isAPartOfAnotherSentence() {
        var stored = new StoredText(new Problem(ProblemCode.CLOUD_KEY_REFUSED, 401).getMessage());

        var sentence = Text.of("check.leftovers.error", "patients", stored);

        assertTrue(sentence.in(SPANISH).startsWith("patients: falló su última pasada. CV-CLOUD-02 Supabase rechazó"));
        assertTrue(sentence.in(Locale.ENGLISH).startsWith("patients: its last pass failed. CV-CLOUD-02 Supabase ref"));
    }

    @Test
    void saysColumnRuleAndCode() {
        assertEquals(
                "una regla de la tabla no permite un valor: corrija la fila (columna name) (regla named) (código 23514)",
                StoredText.in(
                        SPANISH,
                        "a rule of the table forbids a value: correct the row (column name) (rule named) (code 23514)"));
    }

    @Test
    void saysAProblemWithItsValues() {
        var problem = new Problem(ProblemCode.QUARANTINE_ONLY_CLINIC, "7", "patients");

        assertEquals(
                problem.code().id() + " " + problem.text().in(SPANISH), StoredText.in(SPANISH, problem.getMessage()));
    }

    @Test
    void whatIsNotKnownStaysAsItIs() {
        assertEquals("something else (code x)", StoredText.in(Locale.ENGLISH, "something else (code x)"));
        assertEquals("CV-NOWHERE-01 x", StoredText.in(SPANISH, "CV-NOWHERE-01 x"));
    }
}
