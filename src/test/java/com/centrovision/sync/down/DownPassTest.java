package com.centrovision.sync.down;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.cloud.CloudUnavailableException;
import com.centrovision.sync.cloud.PageSize;
import com.centrovision.sync.cloud.RowChunks;
import com.centrovision.sync.testing.Rule;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class DownPassTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final String LAST = "00000000-0000-0000-0000-00000000000f";

    private final PageSize pages = new PageSize(1000);

    private static Map<String, Object> start(Object... columns) {
        var start = new HashMap<String, Object>(Map.of("active", true, "clock", "c0", "cloud_filter", "", "visit", ""));
        for (int column = 0; column < columns.length; column += 2) {
            start.put((String) columns[column], columns[column + 1]);
        }
        return start;
    }

    private static Map<String, Object> loaded(String cursor, Object... columns) {
        var start = start(columns);
        start.putAll(Map.of("loaded", true, "cursor_stamp", cursor, "cursor_id", LAST));
        return start;
    }

    private DownPass pass(Map<String, Object> start, boolean keysFirst) {
        return new DownPass("patients", start, keysFirst, pages, Duration.ofSeconds(300), NOW, NOW);
    }

    private static void page(DownPass pass, int rows, int wanted) {
        page(pass, rows, wanted, OptionalLong.empty());
    }

    private static void page(DownPass pass, int rows, int wanted, OptionalLong total) {
        try {
            var json = "[" + "{},".repeat(Math.max(0, rows - 1)) + (rows > 0 ? "{}" : "") + "]";
            pass.answered(RowChunks.of(json.getBytes(StandardCharsets.UTF_8), 1000), NOW, total);
            if (rows > 0) {
                pass.applied(chunk(rows - wanted, wanted));
            }
            pass.pageEnds();
        } catch (CloudUnavailableException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static Map<String, Object> chunk(int unchanged, int wanted) {
        return Map.of(
                "applied",
                0,
                "unchanged",
                unchanged,
                "left_out",
                wanted,
                "clock",
                "c1",
                "last_id",
                LAST,
                "last_stamp",
                "2026-03-01T11:59:00.000001Z");
    }

    /** What was pushed while a page was applied is younger than all of its rows, not only than those of its first chunk. */
    @Test
    @Rule("3.3.3")
    void allChunksOfAPageAreAsOldAsTheQuestion() throws CloudUnavailableException {
        var pass = pass(loaded("2026-03-01T11:54:59.999999Z"), false);

        pass.answered(RowChunks.of("[{},{}]".getBytes(StandardCharsets.UTF_8), 1), NOW, OptionalLong.empty());
        pass.applied(chunk(1, 0));
        assertEquals("c0", pass.getClock());

        pass.applied(chunk(1, 0));
        pass.pageEnds();
        assertEquals("c1", pass.getClock());
    }

    @Test
    void aQuietTableStartsExactlyBehindItsCursor() {
        var query = pass(loaded("2026-03-01T11:54:59.999999Z"), false).getQuery();

        assertTrue(query.endsWith("&or=(updated_at.gt.2026-03-01T11:54:59.999999Z,"
                + "and(updated_at.eq.2026-03-01T11:54:59.999999Z,id.gt." + LAST + "))"));
    }

    @Test
    void aBusyTableStartsAnOverlapAgo() {
        var query = pass(loaded("2026-03-01T11:55:00.000001Z"), false).getQuery();

        assertTrue(query.endsWith("&updated_at=gte.2026-03-01T11:55:00.000000Z"), query);
    }

    @Test
    void aCursorInTheFutureStillStartsAnOverlapAgo() {
        assertTrue(pass(loaded("2027-01-01T00:00:00.000000Z"), false).getQuery().contains("gte.2026-03-01T11:55"));
    }

    @Test
    void aLoadEndsOnlyWithAnEmptyPage() {
        var pass = pass(start("loaded", false), false);

        page(pass, 170, 0);
        page(pass, 3, 0);
        assertTrue(pass.isMore());
        assertTrue(pass.getQuery().endsWith("&id=gt." + LAST));

        page(pass, 0, 0);
        assertFalse(pass.isMore());
    }

    @Test
    void aLoadResumesBehindItsLastRow() {
        assertTrue(pass(start("loaded", false, "load_after", LAST), false)
                .getQuery()
                .endsWith("&id=gt." + LAST));
    }

    @Test
    void aPageShorterThanTheServerIsKnownToGiveIsTheLast() {
        page(pass(start("loaded", false), false), 170, 0);
        var pass = pass(loaded("2026-01-01T00:00:00.000000Z"), false);

        page(pass, 169, 0);

        assertFalse(pass.isMore());
    }

    @Test
    void aPageAsLongAsTheServerEverGaveIsNotTheLast() {
        page(pass(start("loaded", false), false), 170, 0);
        var pass = pass(loaded("2026-01-01T00:00:00.000000Z"), false);

        page(pass, 170, 0);

        assertTrue(pass.isMore());
    }

    @Test
    void rowsToVisitComeFirst() {
        var pass = pass(loaded("2026-01-01T00:00:00.000000Z", "visit", LAST), false);

        assertEquals("visit", pass.getKind());
        page(pass, 1, 0);
        assertEquals("pass", pass.getKind());
    }

    @Test
    void aVisitHasToldAboutAllItsRowsOnlyWhenItsAnswerIsWhole() {
        var behind = LAST.replace("00f", "0ff");
        var start = loaded("2026-01-01T00:00:00.000000Z", "visit", LAST + "," + behind);
        var whole = pass(start, false);
        var cutShort = pass(start, false);
        var uncounted = pass(start, false);

        page(whole, 1, 0, OptionalLong.of(1));
        page(cutShort, 1, 0, OptionalLong.of(2));
        page(uncounted, 0, 0);

        assertEquals(LAST + "," + behind, whole.getVisited());
        assertEquals(LAST, cutShort.getVisited());
        assertEquals("", uncounted.getVisited());
    }

    @Test
    void versionsThatAreWantedAreFetchedByRowsFromTheSamePlace() {
        var pass = pass(loaded("2026-03-01T11:59:00.000000Z"), true);
        var first = pass.getQuery();

        page(pass, 200, 1);

        assertEquals("pass", pass.getKind());
        assertEquals(first.replace("select=id,updated_at", "select=*"), pass.getQuery());
        page(pass, 200, 0);
        assertEquals("keys", pass.getKind());
    }

    @Test
    void versionsThatAreMirroredAreNotFetched() {
        var pass = pass(loaded("2026-03-01T11:59:00.000000Z"), true);

        page(pass, 200, 0);

        assertEquals("keys", pass.getKind());
        page(pass, 0, 0);
        assertFalse(pass.isMore());
    }

    @Test
    void aFilterStandsInEveryQuery() {
        var pass = pass(start("loaded", false, "cloud_filter", "branch_id=eq.1"), false);

        assertTrue(pass.getQuery().endsWith("&branch_id=eq.1"));
    }

    @Test
    void aTableThatIsNotSyncedHasNoPass() {
        assertFalse(pass(start("active", false, "loaded", false), false).isMore());
    }
}
