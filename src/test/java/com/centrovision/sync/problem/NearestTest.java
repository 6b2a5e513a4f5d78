package com.centrovision.sync.problem;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
    @ParameterizedTest
    @CsvSource({
        "servise_key, service_key",
        "SERVICE_KEY, service_key",
        "apikey, service_key",
        "batchsize, batch_size",
        "ulr, url",
        "interval, interval_seconds"
    })
    void findsTheNameThatWasMeant(String wrong, String meant) {
        assertEquals(meant, Nearest.to(wrong, List.of("url", "service_key", "batch_size", "interval_seconds")));
    }

    @ParameterizedTest
    @CsvSource({
        "stauts, ' Did you mean status?'",
        "tyr, ' Did you mean try?'",
        "quar, ' Did you mean quarantine?'",
        "Conflict, ' Did you mean conflicts?'",
        "nonsense, ''",
        "vaccines, ''"
    })
    void suggestsOnlyWhatIsLikeIt(String wrong, String suggestion) {
        var known = List.of("once", "try", "status", "conflicts", "quarantine", "branches");

        var sentence = Text.of("cli.unknown", wrong, Nearest.suggestion(wrong, known));

        assertEquals("There is no " + wrong + "." + suggestion, sentence.in(Locale.ENGLISH));
    }
}
