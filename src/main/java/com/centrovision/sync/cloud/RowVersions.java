package com.centrovision.sync.cloud;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Collects ids, stamps and columns from the texts of rows, while these are cut; knows nothing of what is not plain. */
final class RowVersions {
    private static final byte[] ID = "id".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] STAMP = "updated_at".getBytes(StandardCharsets.US_ASCII);

    private enum Wanted {
        ID,
        STAMP,
        NOTHING
    }

    private final byte[] page;
    private final List<String> columns = new ArrayList<>();
    private StringBuilder ids = new StringBuilder();
    private StringBuilder stamps = new StringBuilder();
    private String firstId = "";
    private String lastId = "";
    private Wanted wanted = Wanted.NOTHING;
    private String id;
    private String stamp;
    private boolean isPlain = true;
    private boolean isFirst = true;

    RowVersions(byte[] page) {
        this.page = page;
    }

    /** A key of a row itself, not of what is in one of its values. */
    void key(int start, int end) {
        wanted = is(ID, start, end) ? Wanted.ID : is(STAMP, start, end) ? Wanted.STAMP : Wanted.NOTHING;
        if (isFirst) {
            columns.add(plain(start, end));
        }
    }

    private boolean is(byte[] name, int start, int end) {
        return Arrays.equals(page, start, end, name, 0, name.length);
    }

    /** A value of a row that is a text. */
    void text(int start, int end) {
        if (wanted == Wanted.ID) {
            id = plain(start, end);
        } else if (wanted == Wanted.STAMP) {
            stamp = plain(start, end);
        }
        wanted = Wanted.NOTHING;
    }

    private String plain(int start, int end) {
        for (int at = start; at < end; at++) {
            isPlain &= page[at] != '\\';
        }
        return new String(page, start, end - start, StandardCharsets.UTF_8);
    }

    void rowEnds() {
        isPlain &= id != null;
        add(ids, id);
        add(stamps, stamp);
        firstId = firstId.isEmpty() && id != null ? id : firstId;
        lastId = id == null ? "" : id;
        id = null;
        stamp = null;
        isFirst = false;
    }

    private static void add(StringBuilder array, String value) {
        array.append(array.isEmpty() ? '{' : ',');
        if (value == null) {
            array.append("NULL");
        } else {
            array.append('"').append(value).append('"');
        }
    }

    String firstId() {
        return firstId;
    }

    String lastId() {
        return lastId;
    }

    /** The rows up to here become a chunk. */
    RowChunk chunk(int start, int end, RowCells cells) {
        var chunk = isPlain
                ? new RowChunk(
                        page, start, end, ids + "}", stamps + "}", "{\"" + String.join("\",\"", columns) + "\"}", cells)
                : new RowChunk(page, start, end, null, null, null, cells);
        ids = new StringBuilder();
        stamps = new StringBuilder();
        columns.clear();
        isPlain = true;
        isFirst = true;
        return chunk;
    }
}
