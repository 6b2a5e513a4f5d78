package com.centrovision.sync.cloud;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Where the values of a chunk's rows stand in their page, as long as all rows have the keys of the first one, in its order.
 */
public final class RowCells {
    private static final int FIRST_ROOM = 64;

    private final byte[] page;
    private final int pageEnd;
    private final int mostRows;
    private int[] keys = new int[FIRST_ROOM];
    private int[] leads = new int[FIRST_ROOM];
    private int[] values = new int[FIRST_ROOM];
    private int columns;
    private int column;
    private int rows;
    private boolean isEven = true;

    /** @param mostRows that the chunk may have */
    RowCells(byte[] page, int pageEnd, int mostRows) {
        this.page = page;
        this.pageEnd = pageEnd;
        this.mostRows = mostRows;
    }

    /** Behind all that stands before the next value, where it is what the first row has there; else -1. */
    int behindNextKey(int position) {
        if (rows == 0 || !isEven || column == columns) {
            return -1;
        }
        int start = leads[2 * column];
        int end = leads[2 * column + 1];
        int behind = position + end - start;
        return behind <= pageEnd && Arrays.equals(page, position, behind, page, start, end) ? behind : -1;
    }

    /** A key with its quotes, and what it stands in: from the value before it to its own. */
    void key(int leadStart, int start, int end, int leadEnd) {
        if (rows == 0) {
            keys = withRoom(keys, columns);
            keys[2 * columns] = start;
            keys[2 * columns + 1] = end;
            leads = withRoom(leads, columns);
            leads[2 * columns] = leadStart;
            leads[2 * columns + 1] = leadEnd;
            columns++;
        } else {
            isEven = isEven
                    && column < columns
                    && Arrays.equals(page, start, end, page, keys[2 * column], keys[2 * column + 1]);
        }
    }

    /** @param isPlain whether it reads as it stands: a text without escapes, or what is no text */
    void value(int start, int behind, boolean isPlain) {
        if (isEven) {
            int cell = rows * columns + column;
            values = withRoom(values, cell);
            values[2 * cell] = start;
            values[2 * cell + 1] = isPlain ? behind : -behind;
        }
        column++;
    }

    /** @param bytes of the row */
    void rowEnds(int bytes) {
        isEven &= column == columns;
        column = 0;
        rows++;
        if (rows == 1) {
            int likelyRows = Math.min(mostRows, (pageEnd - keys[0]) / bytes * 9 / 8);
            values = Arrays.copyOf(values, Math.max(values.length, 2 * columns * likelyRows));
        }
    }

    private static int[] withRoom(int[] pairs, int index) {
        return 2 * index + 1 < pairs.length ? pairs : Arrays.copyOf(pairs, 2 * pairs.length);
    }

    /** Whether the values are known by row and column. */
    public boolean isEven() {
        return isEven && columns > 0;
    }

    public int rows() {
        return rows;
    }

    public int columns() {
        return columns;
    }

    public byte[] page() {
        return page;
    }

    int pageEnd() {
        return pageEnd;
    }

    /** Where a value begins, a text with its quote. */
    public int start(int row, int column) {
        return values[2 * (row * columns + column)];
    }

    public int end(int row, int column) {
        return Math.abs(values[2 * (row * columns + column) + 1]);
    }

    public boolean isPlain(int row, int column) {
        return values[2 * (row * columns + column) + 1] >= 0;
    }

    boolean isPlainText(int row, int column) {
        return isPlain(row, column) && page[start(row, column)] == '"';
    }

    boolean isNull(int row, int column) {
        return page[start(row, column)] == 'n';
    }

    /** A value that is a plain text, without its quotes. */
    String text(int row, int column) {
        return between(start(row, column) + 1, end(row, column) - 1);
    }

    /** Tells two plain texts of ASCII apart by their order: below zero where the first one comes first. */
    int compare(int row, int otherRow, int column) {
        return Arrays.compare(
                page, start(row, column), end(row, column), page, start(otherRow, column), end(otherRow, column));
    }

    String name(int column) {
        return between(keys[2 * column] + 1, keys[2 * column + 1] - 1);
    }

    private String between(int start, int behind) {
        return new String(page, start, behind - start, StandardCharsets.UTF_8);
    }
}
