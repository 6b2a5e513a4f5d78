package com.centrovision.sync.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.cloud.CloudUnavailableException;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Protocol 3.2 and 3.4: numbers keep every digit, and what is not a whole answer is none. */
class FeedAnswerTest {
    private static final String ANSWER =
            """
            {"status" : "ok", "cursor" : "1.2.3/10/0/0", "more" : true, "now" : "2026-01-01T00:00:00+00:00",
             "newest" : "11", "tables" : [
              {"table" : "rooms", "rows" : [{"id":"a","n":1.10,"t":"ñ ]}\\""}, {"id":"b","n":12345678901234567890.5}],
               "gone" : ["c", "d"], "emptied" : false},
              {"table" : "studies", "rows" : [], "gone" : [], "emptied" : true}]}
            """;

    @Test
    void cutsRowsOutAsTheyStand() throws IOException {
        var answer = FeedAnswer.of(ANSWER, 1);

        assertTrue(answer.isContinued());
        assertTrue(answer.isMore());
        assertEquals("1.2.3/10/0/0", answer.field("cursor"));
        assertEquals(
                List.of(
                        new FeedPart("rooms", "[]", "c,d", false),
                        new FeedPart("rooms", "[{\"id\":\"a\",\"n\":1.10,\"t\":\"ñ ]}\\\"\"}]", "", false),
                        new FeedPart("rooms", "[{\"id\":\"b\",\"n\":12345678901234567890.5}]", "", false),
                        new FeedPart("studies", "[]", "", true)),
                answer.parts());
    }

    @Test
    void aLostCursorIsAnAnswerToo() throws IOException {
        assertFalse(FeedAnswer.of("{\"status\":\"expired\"}", 1).isContinued());
    }

    @Test
    void whatIsNotWholeIsNoAnswer() {
        for (int end = 0; end < ANSWER.strip().length(); end++) {
            var cut = ANSWER.substring(0, end);
            assertThrows(CloudUnavailableException.class, () -> FeedAnswer.of(cut, 100), cut);
        }
        for (var other :
                List.of("[]", "{}", "7", "{\"status\":\"ok\"}", ANSWER + "x", ANSWER.replace("\"more\"", "\"m\""))) {
            assertThrows(CloudUnavailableException.class, () -> FeedAnswer.of(other, 100), other);
        }
    }
}
