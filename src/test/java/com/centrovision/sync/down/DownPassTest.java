package com.centrovision.sync.down;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.cloud.CloudUnavailableException;
import com.centrovision.sync.cloud.PageSize;
import com.centrovision.sync.cloud.RowChunks;
import com.centrovision.sync.testing.Rule;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

    /** A first load, with the parts that {@code sync_start_pass} tells. */
    private static Map<String, Object> loading(String... parts) {
        return start("loaded", false, "parts", String.join(",", parts));
    }

    private static String part(String from, String after, String until) {
        return Stream.of(from, after, until)
                .map(digits -> digits.isEmpty() ? "" : id(digits))
                .collect(Collectors.joining("/"));
    }

    private static String id(String digits) {
        return digits + "00000000-0000-0000-0000-000000000000".substring(digits.length());
    }

    private DownPass wholePass(Map<String, Object> start) {
        return new DownPass("patients", start, false, 4, pages, Duration.ofSeconds(300), NOW, NOW);
    }

    private DownStream pass(Map<String, Object> start, boolean keysFirst) {
        return new DownPass("patients", start, keysFirst, 4, pages, Duration.ofSeconds(300), NOW, NOW)
                .getStreams()
                .get(0);
    }

    private static void page(DownStream stream, int rows, int wanted) {
        page(stream, rows, wanted, OptionalLong.empty());
    }

    private static void page(DownStream stream, int rows, int wanted, OptionalLong total) {
        answer(stream, "[" + "{},".repeat(Math.max(0, rows - 1)) + (rows > 0 ? "{}" : "") + "]", rows, wanted, total);
    }

    private static void answer(DownStream stream, String json, int rows, int wanted, OptionalLong total) {
        try {
            stream.asks();
            stream.answered(RowChunks.of(json.getBytes(StandardCharsets.UTF_8), 1000), NOW, total);
            if (rows > 0) {
                stream.applied(chunk(rows - wanted, wanted));
            }
            stream.pageEnds();
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
        var pass = pass(loading(part("0", "", "")), false);

        page(pass, 170, 0);
        page(pass, 3, 0);
        assertTrue(pass.isMore());
        assertTrue(pass.getQuery().endsWith("&id=gt." + LAST));

        page(pass, 0, 0);
        assertFalse(pass.isMore());
    }

    @Test
    void littleIsExpectedOfAFirstPageAndBehindALoadsShortPage() {
        assertTrue(pass(loaded("2026-03-01T11:00:00Z"), false).expectsLittle());
        var load = pass(loading(part("0", "", "")), false);
        assertTrue(load.expectsLittle());

        page(load, 200, 0);
        assertFalse(load.expectsLittle());
        page(load, 150, 0);
        assertTrue(load.expectsLittle());

        page(load, 300, 0);
        assertFalse(load.expectsLittle());
    }

    @Test
    void littleIsExpectedOfALoadsLastPageAsFarAsTheCloudEstimates() {
        var load = pass(loading(part("0", "", "")), false);
        page(load, 1000, 0, OptionalLong.of(1300));
        assertTrue(load.expectsLittle());

        page(load, 1000, 0); // far more than estimated
        assertFalse(load.expectsLittle());
        page(load, 1000, 0);
        assertFalse(load.expectsLittle());
    }

    @Test
    void aLoadWhoseRowsAreRefusedAgainAndAgainIsNotTriedByCopyAnyMore() {
        var pass = pass(loading(part("0", "", "")), false);
        pass.pass().copyFailed();
        pass.pass().copyFailed();
        assertTrue(pass.mayCopy());

        pass.pass().copyFailed();
        assertFalse(pass.mayCopy());
        assertFalse(pass(loaded("2026-03-01T11:54:59.999999Z"), false).mayCopy());
    }

    @Test
    void aLoadResumesBehindItsLastRow() {
        assertTrue(pass(loading(part("0", "", "").replace("//", "/" + LAST + "/")), false)
                .getQuery()
                .endsWith("&id=gt." + LAST));
    }

    @Test
    void aPageShorterThanTheServerIsKnownToGiveIsTheLast() {
        page(pass(loading(part("0", "", "")), false), 170, 0);
        var pass = pass(loaded("2026-01-01T00:00:00.000000Z"), false);

        page(pass, 169, 0);

        assertFalse(pass.isMore());
    }

    @Test
    void aPageAsLongAsTheServerEverGaveIsNotTheLast() {
        page(pass(loading(part("0", "", "")), false), 170, 0);
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

        assertEquals(List.of(LAST, behind), whole.visited());
        assertEquals(List.of(LAST), cutShort.visited());
        assertEquals(List.of(), uncounted.visited());
    }

    /** A first page of ids that are spread by chance: the last one is at a hundredth of them all. */
    private static void firstPage(DownStream stream, long total) {
        answer(stream, "[{\"id\":\"%s\"},{\"id\":\"%s\"}]".formatted(id("00"), id("02")), 2, 0, OptionalLong.of(total));
    }

    @Test
    @Rule("3.1.1")
    void aLargeLoadGoesOnInPartsOfItsOwn() {
        var pass = wholePass(loading(part("0", "", "")));
        var first = pass.getStreams().get(0);
        firstPage(first, 100_000);
        pass.streamsEnd();

        assertFalse(pass.isComplete());
        assertEquals(4, pass.getStreams().size());
        var queries = pass.getStreams().stream()
                .map(stream -> stream.getQuery().replaceFirst(".*limit=\\d+", ""))
                .toList();
        assertTrue(queries.get(0).startsWith("&id=gt." + LAST + "&id=lt."), queries::toString);
        for (int part = 1; part < 3; part++) {
            var bounds = first.getBounds().split(",");
            assertEquals("&id=gte." + bounds[part - 1] + "&id=lt." + bounds[part], queries.get(part));
        }
        assertTrue(queries.get(3).matches("&id=gte.c\\S{35}"), queries::toString);
        assertNull(pass.getStreams().get(1).getPrefer());
        assertTrue(pass.state().rest().startsWith("or=(and(id.gt." + LAST + ",id.lt."), pass.state()::toString);

        pass.getStreams().forEach(stream -> page(stream, 0, 0));
        pass.streamsEnd();
        assertTrue(pass.isLoaded());
        assertFalse(pass.isMore());
    }

    @Test
    void aSmallLoadStaysOneStream() {
        var pass = wholePass(loading(part("0", "", "")));

        firstPage(pass.getStreams().get(0), 3_000);

        assertTrue(pass.getStreams().get(0).isMore());
    }

    @Test
    @Rule("3.1.1")
    void aLoadIsCompleteOnlyWhenEachPartIs() {
        var pass = wholePass(loading(part("0", "1", "4"), part("4", "", "")));
        assertTrue(pass.getStreams().get(0).getQuery().endsWith("&id=gt." + id("1") + "&id=lt." + id("4")));
        assertTrue(pass.getStreams().get(1).getQuery().endsWith("&id=gte." + id("4")));
        page(pass.getStreams().get(0), 0, 0);
        page(pass.getStreams().get(1), 3, 0);

        pass.streamsEnd();

        assertFalse(pass.isComplete());
        assertFalse(pass.isMore());
    }

    @Test
    void idsThatFollowEachOtherAreCutWhereTheyAre() {
        var first = "00000000-0000-0000-0000-000000000001";
        var last = "00000000-0000-0000-0000-0000000003e8";

        assertEquals(
                List.of("00000000-0000-0000-0000-000000000bb8", "00000000-0000-0000-0000-000000001388"),
                LoadPart.bounds(first, last, 1000, 6000, 3));
        assertEquals(List.of(), LoadPart.bounds(last, last, 1, 6000, 4));
        var end = id("f").replace('0', 'f');
        assertEquals(List.of(), LoadPart.bounds(first, end, 1000, 6000, 4));
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
        var pass = pass(start("loaded", false, "parts", part("0", "", ""), "cloud_filter", "branch_id=eq.1"), false);

        assertTrue(pass.getQuery().endsWith("&branch_id=eq.1"));
    }

    @Test
    void aTableThatIsNotSyncedHasNoPass() {
        assertFalse(wholePass(start("active", false, "loaded", false)).isMore());
    }
}
