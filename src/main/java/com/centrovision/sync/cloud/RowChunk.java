package com.centrovision.sync.cloud;

import static java.util.stream.Collectors.joining;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Rows of a page as PostgREST wrote them, and what PostgreSQL need not look for in them again, where the rows tell it.
 */
public final class RowChunk {
    private static final String ID = "id";
    private static final String STAMP = "updated_at";

    private final int start;
    private final int end;
    private final RowCells cells;
    private final List<String> names;
    private final int idColumn;
    private final int stampColumn;
    private final boolean isPlain;

    /** @param cells of the page that holds the rows between start and end */
    RowChunk(int start, int end, RowCells cells) {
        this.start = start;
        this.end = end;
        this.cells = cells;
        this.names = IntStream.range(0, cells.columns()).mapToObj(cells::name).toList();
        this.idColumn = names.lastIndexOf(ID);
        this.stampColumn = names.lastIndexOf(STAMP);
        this.isPlain = cells.isEven() && names.stream().noneMatch(name -> name.contains("\\")) && hasPlainVersions();
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
        byte[] page = cells.page();
        return start > 0 && page[start - 1] == '[' && end < cells.pageEnd() && page[end] == ']'
                ? new String(page, start - 1, end - start + 2, StandardCharsets.UTF_8)
                : "[" + new String(page, start, end - start, StandardCharsets.UTF_8) + "]";
    }

    /** Where the values stand. */
    public RowCells cells() {
        return cells;
    }

    /** Whether ids, stamps, columns and the places of all values are known. */
    boolean isPlain() {
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
        return isPlain ? array(texts(idColumn)) : null;
    }

    /** The {@code updated_at} of each row in the same way. */
    public String stamps() {
        return isPlain ? array(texts(stampColumn)) : null;
    }

    /** The names of the first row's columns in the same way. */
    public String columns() {
        return isPlain ? array(names.stream()) : null;
    }

    private Stream<String> texts(int column) {
        return IntStream.range(0, cells.rows()).mapToObj(row -> text(row, column));
    }

    private static String array(Stream<String> texts) {
        return texts.map(text -> text == null ? "NULL" : '"' + text + '"').collect(joining(",", "{", "}"));
    }

    /** The id of the first row; null where it is not known. */
    public String firstId() {
        return isPlain ? text(0, idColumn) : null;
    }

    /** The id of the last row; null where it is not known. */
    public String lastId() {
        return isPlain ? text(cells.rows() - 1, idColumn) : null;
    }

    private String text(int row, int column) {
        return column >= 0 && cells.isPlainText(row, column) ? cells.text(row, column) : null;
    }
}
