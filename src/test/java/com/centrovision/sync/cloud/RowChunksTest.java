package com.centrovision.sync.cloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowChunksTest {
    private static RowChunks cut(String page, int maxRows) throws CloudUnavailableException {
        return RowChunks.of(page.getBytes(StandardCharsets.UTF_8), maxRows);
    }

    @Test
    void cutsAPageWithoutReadingItsValues() throws CloudUnavailableException {
        var page = " [{\"a\":1.10},\n {\"b\":\"}],{ \\\" ñ\\\\\"} , {\"c\":[{\"d\":[1]}]}]\n";

        var chunks = cut(page, 2);

        assertEquals(
                List.of("[{\"a\":1.10},\n {\"b\":\"}],{ \\\" ñ\\\\\"}]", "[{\"c\":[{\"d\":[1]}]}]"), chunks.chunks());
        assertEquals(3, chunks.rows());
    }

    @Test
    void anEmptyPageHasNoChunks() throws CloudUnavailableException {
        assertEquals(List.of(), cut("[]", 5).chunks());
        assertEquals(0, cut(" [ ] ", 5).rows());
    }

    @Test
    void aFullLastChunkIsNotFollowedByAnEmptyOne() throws CloudUnavailableException {
        assertEquals(List.of("[{},{}]", "[{},{}]"), cut("[{},{},{},{}]", 2).chunks());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[",
                "[{",
                "[{}",
                "[{},",
                "[{},]",
                "[{}]]",
                "[{}]{",
                "[{\"a\":\"",
                "[{\"a\":\"\\",
                "{}",
                "null",
                "[1]",
                "<html>",
                "[{} {}]",
                "[,{}]"
            })
    void whatIsNotAWholePageIsNoPage(String page) {
        assertThrows(CloudUnavailableException.class, () -> cut(page, 100));
    }
}
