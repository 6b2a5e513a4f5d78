package com.centrovision.sync.inspection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SecretsTest {
    private final Secrets secrets = new Secrets(List.of("sb_secret_0123", "abc"));

    @Test
    void strikesOutWhatIsASecretWhereverItStands() {
        var shown = Map.of(
                "uri", "https://x.example/?apikey=sb_secret_0123&limit=1",
                "list", List.of(List.of("sb_secret_0123"), 7, true),
                "sb_secret_0123", "name");

        assertEquals(
                Map.of(
                        "uri", "https://x.example/?apikey=xxxxxx&limit=1",
                        "list", List.of(List.of("xxxxxx"), 7, true),
                        "xxxxxx", "xxxxxx"),
                secrets.masked(shown));
    }

    @Test
    void strikesOutWhatIsCalledByTheNameOfASecret() {
        assertEquals(
                Map.of("dbPassword", "xxxxxx", "tokens", 3, "abcde", "abcde"),
                secrets.masked(Map.of("dbPassword", "short", "tokens", 3, "abcde", "abcde")));
    }
}
