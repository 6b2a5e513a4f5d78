package com.centrovision.sync.cloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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

        assertEquals(List.of("[{\"a\":1.10},\n {\"b\":\"}],{ \\\" ñ\\\\\"}]", "[{\"c\":[{\"d\":[1]}]}]"), rows(chunks));
        assertEquals(3, chunks.rows());
    }

    @Test
    void anEmptyPageHasNoChunks() throws CloudUnavailableException {
        assertEquals(List.of(), rows(cut("[]", 5)));
        assertEquals(0, cut(" [ ] ", 5).rows());
    }

    @Test
    void aFullLastChunkIsNotFollowedByAnEmptyOne() throws CloudUnavailableException {
        assertEquals(List.of("[{},{}]", "[{},{}]"), rows(cut("[{},{},{},{}]", 2)));
    }

    @Test
    void aPageThatStaysWholeIsTheSame() throws CloudUnavailableException {
        assertEquals(List.of("[{\"a\":\"ñ\"}, \n {}]"), rows(cut("[{\"a\":\"ñ\"}, \n {}]", 2)));
    }

    @Test
    void tellsIdsStampsAndColumns() throws CloudUnavailableException {
        var chunks = cut(
                """
                [{"id":"a1", "ñ" : {"id":"no","x":["id"]}, "updated_at":"2026-01-01T00:00:00.1+00:00"},
                 {"id":"a2","ñ":"updated_at","updated_at":null},{"ñ":"x","id" :"a3","updated_at":"0044-03-15T00:00:00 BC"}]
                """,
                2);

        var first = chunks.chunks().get(0);
        assertEquals("{\"a1\",\"a2\"}", first.ids());
        assertEquals("{\"2026-01-01T00:00:00.1+00:00\",NULL}", first.stamps());
        assertEquals("{\"id\",\"ñ\",\"updated_at\"}", first.columns());
        var second = chunks.chunks().get(1);
        assertEquals("{\"a3\"}", second.ids());
        assertEquals("{\"0044-03-15T00:00:00 BC\"}", second.stamps());
        assertEquals("{\"ñ\",\"id\",\"updated_at\"}", second.columns());
        assertEquals("a1", chunks.firstId());
        assertEquals("a3", chunks.lastId());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"id\":\"1\"},{}]",
                "[{\"id\":1}]",
                "[{\"id\":\"\\u0031\"}]",
                "[{\"a\\\"\":1,\"id\":\"1\"}]",
                "[{\"id\":\"1\",\"updated_at\":\"\\\"\"}]"
            })
    void tellsNothingOfWhatIsNotPlain(String page) throws CloudUnavailableException {
        var chunk = cut(page, 100).chunks().get(0);

        assertEquals(page, chunk.rows());
        assertNull(chunk.ids());
        assertNull(chunk.stamps());
        assertNull(chunk.columns());
        assertFalse(chunk.isPlain());
    }

    @Test
    void tellsWhereEveryValueStands() throws CloudUnavailableException {
        var page = "[{\"id\":\"1\", \"a\" : [\"}\"] },{\"id\":\"\\n\",\"a\":-1.5e3}, {\"id\":\"3\",\"a\":null}]";
        var chunks = cut(page, 2).chunks();

        var cells = chunks.get(0).cells();
        assertEquals(List.of("\"1\"", "[\"}\"]", "\"\\n\"", "-1.5e3"), texts(cells));
        assertTrue(cells.isPlain(0, 0));
        assertFalse(cells.isPlain(1, 0));
        assertEquals(List.of("\"3\"", "null"), texts(chunks.get(1).cells()));
    }

    @Test
    void blanksMayStandElsewhereInEachRow() throws CloudUnavailableException {
        var page =
                "[{\"id\":\"1\",\"a\":1}, { \"id\" : \"2\" ,\n\"a\":\t2 } ,{\"id\":  \"3\", \"a\":3}\n, {\"id\":\"4\",\"a\":4}]";

        var chunk = cut(page, 100).chunks().get(0);

        assertTrue(chunk.isPlain());
        assertEquals(List.of("\"1\"", "1", "\"2\"", "2", "\"3\"", "3", "\"4\"", "4"), texts(chunk.cells()));
    }

    @Test
    void tellsTheIdsAtItsEnds() throws CloudUnavailableException {
        var chunk = cut("[{\"id\":\"a1\",\"updated_at\":null}, \n {\"id\":\"a2\",\"updated_at\":\"2026-01-01\"}]", 2)
                .chunks()
                .get(0);

        assertEquals("a1", chunk.firstId());
        assertEquals("a2", chunk.lastId());
    }

    @Test
    void tellsWhetherItsRowsAreInOrder() throws CloudUnavailableException {
        assertTrue(isInOrder("[{\"id\":\"a1\"}]"));
        assertTrue(isInOrder("[{\"id\":\"09\"},{\"id\":\"0a\"},{\"id\":\"a0\"}]"));
        assertFalse(isInOrder("[{\"id\":\"a1\"},{\"id\":\"a3\"},{\"id\":\"a2\"}]"));
        assertFalse(isInOrder("[{\"id\":\"a1\"},{\"id\":\"a1\"}]"));
        assertFalse(isInOrder("[{\"id\":1},{\"id\":2}]"));
    }

    private static boolean isInOrder(String page) throws CloudUnavailableException {
        return cut(page, 100).chunks().get(0).isInOrder();
    }

    private static List<String> texts(RowCells cells) {
        var texts = new ArrayList<String>();
        for (int row = 0; row < cells.rows(); row++) {
            for (int column = 0; column < cells.columns(); column++) {
                int start = cells.start(row, column);
                texts.add(new String(cells.page(), start, cells.end(row, column) - start, StandardCharsets.UTF_8));
            }
        }
        return texts;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"id\":\"1\",\"a\":1},{\"a\":1,\"id\":\"2\"}]",
                "[{\"id\":\"1\",\"a\":1},{\"id\":\"2\"}]",
                "[{\"id\":\"1\"},{\"id\":\"2\",\"a\":1}]"
            })
    void knowsNoPlacesInRowsThatAreNotAlike(String page) throws CloudUnavailableException {
        assertFalse(cut(page, 100).chunks().get(0).isPlain());
    }

    private static List<String> rows(RowChunks chunks) {
        return chunks.chunks().stream().map(RowChunk::rows).toList();
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
                "[{\"a\" 1}]",
                "[{\"a\":1 \"b\":2}]",
                "[{\"a\":}]",
                "[{a:1}]",
                "<html>",
                "[{} {}]",
                "[{\"a\":1,}]",
                "[{,\"a\":1}]",
                "[{\"a\":1,\"b\":1},{\"a\":1 \"b\":1}]",
                "[{\"a\":1,\"b\":1},{\"a\":1,\"b\":1,}]",
                "[{\"a\":1,\"b\":1},{\"a\":1,\"b\":}]",
                "[{\"a\":1,\"b\":1},{\"a\":1,\"b",
                "[{\"a\":1,\"b\":1},{\"a\":1,\"b\":1",
                "[,{}]"
            })
    void whatIsNotAWholePageIsNoPage(String page) {
        assertThrows(CloudUnavailableException.class, () -> cut(page, 100));
    }
}
