package com.centrovision.sync.cloud;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts PostgREST's JSON array of rows into smaller arrays without reading a value: numbers keep every digit, and no
 * tree is built. A page that is not whole is no page.
 */
public final class RowChunks {
    private static final int MAX_CHUNK_BYTES = 4 << 20;

    private final byte[] page;
    private final int maxRows;
    private final RowVersions versions;
    private final List<RowChunk> chunks = new ArrayList<>();
    private int rows;
    private int position;

    private RowChunks(byte[] page, int maxRows) {
        this.page = page;
        this.versions = new RowVersions(page);
        this.maxRows = maxRows;
    }

    public static RowChunks of(byte[] page, int maxRows) throws CloudUnavailableException {
        var chunks = new RowChunks(page, maxRows);
        chunks.cut();
        return chunks;
    }

    public List<RowChunk> chunks() {
        return chunks;
    }

    public int rows() {
        return rows;
    }

    /** The id of the page's first row; empty where it has none. */
    public String firstId() {
        return versions.firstId();
    }

    /** The id of the page's last row; empty where it has none. */
    public String lastId() {
        return versions.lastId();
    }

    public int bytes() {
        return page.length;
    }

    private void cut() throws CloudUnavailableException {
        expect('[');
        if (next() == ']') {
            position++;
        } else {
            cutRows();
        }
        skipBlanks();
        if (position != page.length) {
            throw notAPage();
        }
    }

    private void cutRows() throws CloudUnavailableException {
        skipBlanks();
        int chunkStart = position;
        int chunkRows = 0;
        while (true) {
            readRow();
            versions.rowEnds();
            rows++;
            chunkRows++;
            int rowEnd = position;
            byte separator = next();
            position++;
            if (separator == ']' || chunkRows == maxRows || rowEnd - chunkStart > MAX_CHUNK_BYTES) {
                chunks.add(versions.chunk(array(chunkStart, rowEnd)));
                skipBlanks();
                chunkStart = position;
                chunkRows = 0;
            }
            if (separator == ']') {
                return;
            } else if (separator != ',') {
                throw notAPage();
            }
        }
    }

    /** A page that stays whole is an array already. */
    private String array(int start, int end) {
        return chunks.isEmpty() && start == 1 && page[end] == ']' && end + 1 == page.length
                ? new String(page, StandardCharsets.UTF_8)
                : "[" + new String(page, start, end - start, StandardCharsets.UTF_8) + "]";
    }

    private void readRow() throws CloudUnavailableException {
        if (next() != '{') {
            throw notAPage();
        }
        int depth = 0;
        int textStart = 0;
        boolean inText = false;
        for (; position < page.length; position++) {
            byte character = page[position];
            if (inText) {
                if (character == '\\') {
                    position++;
                } else if (character == '"') {
                    inText = false;
                    if (depth == 1) {
                        readText(textStart, position);
                    }
                }
            } else if (character == '"') {
                inText = true;
                textStart = position + 1;
            } else if (character == '{' || character == '[') {
                depth++;
            } else if (character == '}' || character == ']') {
                depth--;
                if (depth == 0) {
                    position++;
                    return;
                }
            }
        }
        throw notAPage();
    }

    private void readText(int start, int end) throws CloudUnavailableException {
        position = end + 1;
        if (next() == ':') {
            versions.key(start, end);
        } else {
            versions.text(start, end);
        }
        position--;
    }

    private void expect(char character) throws CloudUnavailableException {
        if (next() != character) {
            throw notAPage();
        }
        position++;
    }

    private byte next() throws CloudUnavailableException {
        skipBlanks();
        if (position >= page.length) {
            throw notAPage();
        }
        return page[position];
    }

    private void skipBlanks() {
        while (position < page.length
                && (page[position] == ' '
                        || page[position] == '\n'
                        || page[position] == '\r'
                        || page[position] == '\t')) {
            position++;
        }
    }

    private static CloudUnavailableException notAPage() {
        return new CloudUnavailableException(CloudReason.DEGRADED, "the answer is not a whole page of rows", null);
    }
}
