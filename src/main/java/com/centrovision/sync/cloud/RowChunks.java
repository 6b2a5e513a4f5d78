package com.centrovision.sync.cloud;

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
    private RowCells cells;
    private int rows;
    private int position;

    private RowChunks(byte[] page, int maxRows) {
        this.page = page;
        this.versions = new RowVersions(page);
        this.cells = new RowCells(page);
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
            cells.rowEnds();
            rows++;
            chunkRows++;
            int rowEnd = position;
            byte separator = next();
            position++;
            if (separator == ']' || chunkRows == maxRows || rowEnd - chunkStart > MAX_CHUNK_BYTES) {
                chunks.add(versions.chunk(chunkStart, rowEnd, cells));
                cells = new RowCells(page);
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

    private void readRow() throws CloudUnavailableException {
        expect('{');
        if (next() == '}') {
            position++;
            return;
        }
        while (true) {
            readKey();
            expect(':');
            readValue();
            byte separator = next();
            position++;
            if (separator == '}') {
                return;
            } else if (separator != ',') {
                throw notAPage();
            }
        }
    }

    private void readKey() throws CloudUnavailableException {
        expect('"');
        int start = position;
        skipText();
        versions.key(start, position - 1);
        cells.key(start, position - 1);
    }

    private void readValue() throws CloudUnavailableException {
        byte first = next();
        int start = position;
        boolean isPlain = true;
        if (first == '"') {
            position++;
            isPlain = skipText();
            versions.text(start + 1, position - 1);
        } else if (first == '{' || first == '[') {
            skipNested();
        } else {
            skipLiteral();
        }
        cells.value(start, position, isPlain);
    }

    /** Goes behind the quote that ends a text; returns whether the text holds nothing but characters as they are. */
    private boolean skipText() throws CloudUnavailableException {
        boolean isPlain = true;
        for (int at = position; at < page.length; at++) {
            byte character = page[at];
            if (character == '"') {
                position = at + 1;
                return isPlain;
            } else if (character == '\\') {
                at++;
                isPlain = false;
            } else if (character >= 0 && character < ' ') {
                isPlain = false;
            }
        }
        throw notAPage();
    }

    private void skipNested() throws CloudUnavailableException {
        int depth = 0;
        while (position < page.length) {
            byte character = page[position++];
            if (character == '"') {
                skipText();
            } else if (character == '{' || character == '[') {
                depth++;
            } else if ((character == '}' || character == ']') && --depth == 0) {
                return;
            }
        }
        throw notAPage();
    }

    private void skipLiteral() throws CloudUnavailableException {
        int start = position;
        while (position < page.length && isOfLiteral(page[position])) {
            position++;
        }
        if (position == start) {
            throw notAPage();
        }
    }

    private static boolean isOfLiteral(byte character) {
        return character >= 'a' && character <= 'z'
                || character >= '0' && character <= '9'
                || character == '-'
                || character == '+'
                || character == '.'
                || character == 'E';
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
