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
    private final List<String> chunks = new ArrayList<>();
    private int rows;
    private int position;

    private RowChunks(byte[] page, int maxRows) {
        this.page = page;
        this.maxRows = maxRows;
    }

    public static RowChunks of(byte[] page, int maxRows) throws CloudUnavailableException {
        var chunks = new RowChunks(page, maxRows);
        chunks.cut();
        return chunks;
    }

    public List<String> chunks() {
        return chunks;
    }

    public int rows() {
        return rows;
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
            skipRow();
            rows++;
            chunkRows++;
            int rowEnd = position;
            byte separator = next();
            position++;
            if (separator == ']' || chunkRows == maxRows || rowEnd - chunkStart > MAX_CHUNK_BYTES) {
                chunks.add("[" + new String(page, chunkStart, rowEnd - chunkStart, StandardCharsets.UTF_8) + "]");
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

    private void skipRow() throws CloudUnavailableException {
        if (next() != '{') {
            throw notAPage();
        }
        int depth = 0;
        boolean inText = false;
        for (; position < page.length; position++) {
            byte character = page[position];
            if (inText) {
                if (character == '\\') {
                    position++;
                } else if (character == '"') {
                    inText = false;
                }
            } else if (character == '"') {
                inText = true;
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
