package com.centrovision.sync.bench;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Four connections that read a table by ranges of its ids, page after page, and throw away what they read. */
final class KeysetStreams {
    private static final int STREAMS = 4;
    private static final int PAGE_ROWS = 1000;
    private static final byte[] ID = "{\"id\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final int UUID_LENGTH = 36;

    private KeysetStreams() {}

    /** Returns how many rows came. */
    static long read(Stand stand, String table, boolean compressed, Duration patience) throws Exception {
        return Workers.run(STREAMS, patience, stream -> () -> {
            var client = stand.bareClient(compressed);
            var end = stream + 1 == STREAMS ? "" : "&id=lt." + bound(stream + 1);
            var behind = "id=gte." + bound(stream);
            long rows = 0;
            for (int page = PAGE_ROWS; page == PAGE_ROWS; ) {
                var answer = client.get(table + "?select=*&order=id.asc&limit=" + PAGE_ROWS + "&" + behind + end);
                page = answer.rows();
                rows += page;
                behind = page == 0 ? behind : "id=gt." + lastId(answer.body());
            }
            return rows;
        });
    }

    private static String bound(int stream) {
        return Integer.toHexString(stream * 16 / STREAMS) + "0000000-0000-0000-0000-000000000000";
    }

    private static String lastId(byte[] page) {
        for (int at = page.length - ID.length; at >= 0; at--) {
            if (startsWithId(page, at)) {
                return new String(page, at + ID.length, UUID_LENGTH, StandardCharsets.US_ASCII);
            }
        }
        throw new Unfinished("a page without an id");
    }

    private static boolean startsWithId(byte[] page, int at) {
        for (int letter = 0; letter < ID.length; letter++) {
            if (page[at + letter] != ID[letter]) {
                return false;
            }
        }
        return true;
    }
}
