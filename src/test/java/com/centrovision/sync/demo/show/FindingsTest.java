package com.centrovision.sync.demo.show;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FindingsTest {
    @ParameterizedTest
    @CsvSource({
        "Ana, 1, 2, local, 'The last one stands, reception''s (1)'",
        "Ana, 1, 2, remote, 'The last one stands, the doctor''s (2)'",
        "Ana, 1, 2, merged, Conflict in patients",
        "Ana, 1, 2, , Conflict in patients",
        "Ana, 1, , local, Conflict in patients",
        ", 1, 2, local, Conflict in patients"
    })
    void tellsOfConflictsThatAPersonHasMadeBesideTheDemo(
            String patient, String ours, String theirs, String winner, String told) {
        var row = new HashMap<String, Object>(Map.of("id", 7L, "name", "patients"));
        row.put("patient", patient);
        row.put("ours", ours);
        row.put("theirs", theirs);
        row.put("winner", winner);

        var sentence = Findings.conflict(row).text().in(Locale.ENGLISH);

        assertTrue(sentence.contains(told), sentence);
    }
}
