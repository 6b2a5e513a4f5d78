package com.centrovision.sync.cloud;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts PostgREST's JSON array of rows into smaller arrays without reading a value: numbers keep every digit, and no
 * tree is built. A page that is not whole is no page.
 */
public final class RowChunks {
    private static final int MAX_CHUNK_BYTES = 4 << 20;

    /** Of a byte: whether it stands for itself within a text. */
    private static final boolean[] IS_PLAIN = new boolean[256];

    static {
        Arrays.fill(IS_PLAIN, ' ', IS_PLAIN.length, true);
        IS_PLAIN['"'] = false;
        IS_PLAIN['\\'] = false;
    }

    private final byte[] page;
    private final int end;
    private final int maxRows;
    private final List<RowChunk> chunks = new ArrayList<>();
    private RowCells cells;
    private int rows;
    private int chunkStart;
    private int position;

    private RowChunks(byte[] page, int end, int maxRows) {
        this.page = page;
        this.end = end;
        this.maxRows = maxRows;
        this.cells = new RowCells(page, end, maxRows);
    }

    public static RowChunks of(byte[] page, int maxRows) throws CloudUnavailableException {
        return of(page, page.length, maxRows);
    }

    /** The chunks are those of the answer until it is closed. */
    public static RowChunks of(CloudAnswer page, int maxRows) throws CloudUnavailableException {
        return of(page.buffer(), (int) page.length(), maxRows);
    }

    private static RowChunks of(byte[] page, int end, int maxRows) throws CloudUnavailableException {
        var chunks = new RowChunks(page, end, maxRows);
        chunks.cut();
        return chunks;
    }

    public List<RowChunk> chunks() {
        return chunks;
    }

    public int rows() {
        return rows;
    }

    /** The id of the page's first row; null where it has none or does not tell. */
    public String firstId() {
        return chunks.isEmpty() ? null : chunks.get(0).firstId();
    }

    /** The id of the page's last row; null where it has none or does not tell. */
    public String lastId() {
        return chunks.isEmpty() ? null : chunks.get(chunks.size() - 1).lastId();
    }

    public int bytes() {
        return end;
    }

    private void cut() throws CloudUnavailableException {
        expect('[');
        if (next() == ']') {
            position++;
        } else {
            cutRows();
        }
        skipBlanks();
        if (position != end) {
            throw notAPage();
        }
    }

    private void cutRows() throws CloudUnavailableException {
        skipBlanks();
        chunkStart = position;
        boolean isMore = true;
        while (isMore) {
            isMore = cutRow();
        }
    }

    /** A method for each row, which Java compiles within the first page. Returns whether another row follows. */
    private boolean cutRow() throws CloudUnavailableException {
        int rowStart = position;
        readRow();
        int rowEnd = position;
        cells.rowEnds(rowEnd - rowStart);
        rows++;
        byte separator = next();
        position++;
        if (separator == ']' || cells.rows() == maxRows || rowEnd - chunkStart > MAX_CHUNK_BYTES) {
            chunks.add(new RowChunk(chunkStart, rowEnd, cells));
            cells = new RowCells(page, end, maxRows);
            skipBlanks();
            chunkStart = position;
        }
        if (separator != ']' && separator != ',') {
            throw notAPage();
        }
        return separator == ',';
    }

    private void readRow() throws CloudUnavailableException {
        for (boolean isFirst = true; reachesValue(isFirst); isFirst = false) {
            readValue();
        }
    }

    /** Returns false where the row ends instead. */
    private boolean reachesValue(boolean isFirst) throws CloudUnavailableException {
        int behind = cells.behindNextKey(position);
        if (behind > 0) {
            position = behind;
            return true;
        }
        return readKey(isFirst);
    }

    /** With all that stands between the value before it and its own. */
    private boolean readKey(boolean isFirst) throws CloudUnavailableException {
        int start = position;
        if (isFirst) {
            expect('{');
        }
        if (next() == '}') {
            position++;
            return false;
        }
        if (!isFirst) {
            expect(',');
        }
        expect('"');
        int keyStart = position - 1;
        skipText();
        int keyEnd = position;
        expect(':');
        cells.key(start, keyStart, keyEnd, position);
        return true;
    }

    private void readValue() throws CloudUnavailableException {
        byte first = next();
        int start = position;
        boolean isPlain = true;
        if (first == '"') {
            position++;
            isPlain = skipText();
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
        for (int at = behindPlain(position); at < end; at = behindPlain(at)) {
            if (page[at] == '"') {
                position = at + 1;
                return isPlain;
            }
            at += page[at] == '\\' ? 2 : 1;
            isPlain = false;
        }
        throw notAPage();
    }

    /** Two at a time: most of a page's bytes are looked at here. */
    private int behindPlain(int start) {
        byte[] text = page;
        boolean[] isPlain = IS_PLAIN;
        int at = start;
        while (at + 1 < end && isPlain[text[at] & 0xff] && isPlain[text[at + 1] & 0xff]) {
            at += 2;
        }
        return at < end && isPlain[text[at] & 0xff] ? at + 1 : at;
    }

    private void skipNested() throws CloudUnavailableException {
        int depth = 0;
        while (position < end) {
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
        while (position < end && isOfLiteral(page[position])) {
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
        if (position < end && page[position] > ' ') {
            return page[position];
        }
        skipBlanks();
        if (position >= end) {
            throw notAPage();
        }
        return page[position];
    }

    private void skipBlanks() {
        while (position < end
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
