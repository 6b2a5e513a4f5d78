package com.centrovision.sync.digest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.cloud.CloudRefusedException;
import com.centrovision.sync.cloud.CloudUnavailableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Protocol 3.4: what differs is found in few requests, and much that differs is left to whoever reads the rows. */
class DigestSearchTest {
    private final Random random = new Random(7);
    private final TreeMap<String, String> clinic = new TreeMap<>();
    private final TreeMap<String, String> cloud = new TreeMap<>();
    private final List<Integer> requests = new ArrayList<>();
    private long rowsThatTakeTooLong = Long.MAX_VALUE;

    private void equalRows(int rows) {
        for (int row = 0; row < rows; row++) {
            var id = new UUID(random.nextLong(), random.nextLong()).toString().replace("-", "");
            clinic.put(id, "x");
            cloud.put(id, "x");
        }
    }

    private Differing search() throws IOException {
        return new DigestSearch(
                        clinic.size(), (prefixes, digits) -> buckets(clinic, prefixes, digits), (prefixes, digits) -> {
                            var answer = buckets(cloud, prefixes, digits);
                            requests.add(answer.size());
                            if (answer.values().stream().mapToLong(Bucket::rows).sum() >= rowsThatTakeTooLong) {
                                throw new CloudRefusedException(500, "57014");
                            }
                            return answer;
                        })
                .run()
                .orElseThrow();
    }

    private static Map<String, Bucket> buckets(TreeMap<String, String> side, List<String> prefixes, int digits) {
        var buckets = new TreeMap<String, Bucket>();
        for (var prefix : prefixes) {
            side.subMap(prefix, prefix + "g")
                    .forEach((id, content) -> buckets.merge(
                            digits == 0 ? id : id.substring(0, prefix.length() + digits),
                            new Bucket(1, String.valueOf(content.length())),
                            (sum, row) -> new Bucket(sum.rows() + 1, plus(sum, row))));
        }
        return buckets;
    }

    private static String plus(Bucket sum, Bucket row) {
        return String.valueOf(Long.parseLong(sum.digest()) + Long.parseLong(row.digest()));
    }

    private static String any(Map<String, String> side, int place) {
        return side.keySet().stream().skip(place).findFirst().orElseThrow();
    }

    @Test
    void equalSidesTakeOneRequest() throws IOException {
        equalRows(20_000);

        assertEquals(new Differing(List.of(), 20_000, 20_000), search());

        assertEquals(List.of(256), requests);
    }

    @Test
    void findsRowsThatDifferOrAreOnOneSideAlone() throws IOException {
        equalRows(20_000);
        var expected = new TreeSet<>(List.of(any(clinic, 10), any(clinic, 7_000), any(clinic, 19_000)));
        clinic.put(any(clinic, 10), "other");
        cloud.remove(any(clinic, 7_000));
        clinic.remove(any(clinic, 19_000));

        var found = search();

        assertEquals(List.copyOf(expected), found.ids());
        assertEquals(19_997, found.equalRows());
        assertEquals(19_999, found.cloudRows());
        assertEquals(2, requests.size());
    }

    @Test
    void idsThatBeginAlikeAreLookedIntoFurther() throws IOException {
        for (int row = 0; row < 30_000; row++) {
            var id = "0190%04x000070008000%012d".formatted(row % 0xffff, row);
            clinic.put(id, "x");
            cloud.put(id, "x");
        }
        var changed = any(clinic, 12_345);
        cloud.put(changed, "other");

        assertEquals(List.of(changed), search().ids());
    }

    @Test
    void muchThatDiffersIsLeftToThePlainWayAfterOneRequest() {
        equalRows(30_000);
        cloud.replaceAll((id, content) -> "other");

        assertThrows(NoSuchElementException.class, this::search);

        assertEquals(1, requests.size());
    }

    @Test
    void aFewThousandRowsOfASmallTableAreFoundHoweverManyDiffer() throws IOException {
        equalRows(3_000);
        cloud.replaceAll((id, content) -> "other");

        assertEquals(3_000, search().ids().size());
    }

    @Test
    void whatTakesTooLongIsAskedForInParts() throws IOException {
        equalRows(40_000);
        var changed = any(clinic, 100);
        cloud.put(changed, "other");
        rowsThatTakeTooLong = 12_000;

        var found = search();

        assertEquals(List.of(changed), found.ids());
        assertEquals(40_000, found.cloudRows());
        assertTrue(requests.size() < 10, requests::toString);
    }

    @Test
    void whatAlwaysTakesTooLongIsGivenUpSoon() {
        equalRows(40_000);
        rowsThatTakeTooLong = 0;

        assertThrows(CloudRefusedException.class, this::search);

        assertTrue(requests.size() < 10, requests::toString);
    }

    @Test
    void aHugeTableIsAskedForInParts() throws IOException {
        equalRows(140_000);

        assertEquals(140_000, search().equalRows());

        assertEquals(2, requests.size());
    }

    @Test
    void whatIsNoDigestIsNoAnswer() throws IOException {
        assertEquals(Map.of("ab", new Bucket(2, "-9")), Bucket.read(bytes("[[\"ab\", 2, \"-9\"]]")));
        for (var other : List.of("", "null", "{}", "[[\"ab\", 2, \"-9\"]", "[[\"ab\", 2]]", "[{\"id\": 1}]", "<p>")) {
            assertThrows(CloudUnavailableException.class, () -> Bucket.read(bytes(other)), other);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
