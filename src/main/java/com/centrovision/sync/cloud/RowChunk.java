package com.centrovision.sync.cloud;

import java.nio.charset.StandardCharsets;
import java.util.StringJoiner;
import java.util.function.IntFunction;

/**
 * Rows of a page as PostgREST wrote them, and what PostgreSQL need not look for in them again, where the rows tell it.
 */
public final class RowChunk {
    private static final String ID = "id";
    private static final String STAMP = "updated_at";

    private final byte[] page;
    private final int start;
    private final int end;
    private final RowCells cells;
    private final int idColumn;
    private final int stampColumn;
    private final boolean isPlain;

    /**
     * @param page which holds the rows between start and end
     * @param cells where the values stand
     */
    RowChunk(byte[] page, int start, int end, RowCells cells) {
        this.page = page;
        this.start = start;
        this.end = end;
        this.cells = cells;
        this.idColumn = column(ID);
        this.stampColumn = column(STAMP);
        this.isPlain = cells.isEven() && hasPlainNames() && hasPlainVersions();
    }

    private int column(String name) {
        int found = -1;
        for (int column = 0; column < cells.columns(); column++) {
            found = cells.name(column).equals(name) ? column : found;
        }
        return found;
    }

    private boolean hasPlainNames() {
        boolean isPlain = true;
        for (int column = 0; column < cells.columns(); column++) {
            isPlain &= cells.name(column).indexOf('\\') < 0;
        }
        return isPlain;
    }

    private boolean hasPlainVersions() {
        boolean isPlain = idColumn >= 0;
        for (int row = 0; isPlain && row < cells.rows(); row++) {
            isPlain = cells.isPlainText(row, idColumn)
                    && (stampColumn < 0 || cells.isNull(row, stampColumn) || cells.isPlainText(row, stampColumn));
        }
        return isPlain;
    }

    /** The rows as a JSON array. */
    public String rows() {
        return start > 0 && page[start - 1] == '[' && end < cells.pageEnd() && page[end] == ']'
                ? new String(page, start - 1, end - start + 2, StandardCharsets.UTF_8)
                : "[" + new String(page, start, end - start, StandardCharsets.UTF_8) + "]";
    }

    /** Where the values stand. */
    public RowCells cells() {
        return cells;
    }

    /** Whether ids, stamps, columns and the places of all values are known. */
    public boolean isPlain() {
        return isPlain;
    }

    /** Whether the rows are known to stand in the order of their ids, none of them twice. */
    public boolean isInOrder() {
        boolean isInOrder = isPlain;
        for (int row = 1; isInOrder && row < cells.rows(); row++) {
            isInOrder = cells.compare(row - 1, row, idColumn) < 0;
        }
        return isInOrder;
    }

    /** The id of each row, an array of PostgreSQL's in its text form; null where the rows do not tell. */
    public String ids() {
        return isPlain ? array(cells.rows(), row -> text(row, idColumn)) : null;
    }

    /** The {@code updated_at} of each row in the same way. */
    public String stamps() {
        return isPlain ? array(cells.rows(), row -> text(row, stampColumn)) : null;
    }

    /** The names of the first row's columns in the same way. */
    public String columns() {
        return isPlain ? array(cells.columns(), cells::name) : null;
    }

    private static String array(int length, IntFunction<String> texts) {
        var array = new StringJoiner(",", "{", "}");
        for (int index = 0; index < length; index++) {
            var text = texts.apply(index);
            array.add(text == null ? "NULL" : '"' + text + '"');
        }
        return array.toString();
    }

    /** The id of the first row; null where it is not known. */
    public String firstId() {
        return isPlain ? text(0, idColumn) : null;
    }

    /** The id of the last row; null where it is not known. */
    public String lastId() {
        return isPlain ? text(cells.rows() - 1, idColumn) : null;
    }

    /** The {@code updated_at} of the last row; null where it is not known or has none. */
    public String lastStamp() {
        return isPlain ? text(cells.rows() - 1, stampColumn) : null;
    }

    private String text(int row, int column) {
        return column >= 0 && cells.isPlainText(row, column) ? cells.text(row, column) : null;
    }
}
