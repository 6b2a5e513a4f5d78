package com.centrovision.sync.cloud;

import java.util.Arrays;

/**
 * Where the values of a chunk's rows stand in their page, as long as all rows have the keys of the first one, in its order.
 */
public final class RowCells {
    private final byte[] page;
    private int[] keys = new int[64];
    private int[] values = new int[1024];
    private int columns;
    private int column;
    private int rows;
    private boolean isEven = true;

    RowCells(byte[] page) {
        this.page = page;
    }

    void key(int start, int end) {
        if (rows == 0) {
            keys = withRoom(keys, columns);
            keys[2 * columns] = start;
            keys[2 * columns + 1] = end;
            columns++;
        } else {
            isEven &= column < columns && Arrays.equals(page, start, end, page, keys[2 * column], keys[2 * column + 1]);
        }
    }

    /** @param isPlain whether it reads as it stands: a text without escapes, or what is no text */
    void value(int start, int end, boolean isPlain) {
        if (isEven) {
            int cell = rows * columns + column;
            values = withRoom(values, cell);
            values[2 * cell] = start;
            values[2 * cell + 1] = isPlain ? end : -end;
        }
        column++;
    }

    void rowEnds() {
        isEven &= column == columns;
        column = 0;
        rows++;
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
}
