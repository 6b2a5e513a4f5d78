package com.centrovision.sync.cloud;

import java.nio.charset.StandardCharsets;

/**
 * Rows of a page as PostgREST wrote them, and what PostgreSQL need not look for in them again: each an array of
 * PostgreSQL's in its text form, or null where the rows do not tell.
 *
 * @param page which holds the rows between start and end
 * @param ids of each row
 * @param stamps the {@code updated_at} of each row
 * @param columns of the first row
 * @param cells where the values stand
 */
public record RowChunk(byte[] page, int start, int end, String ids, String stamps, String columns, RowCells cells) {
    /** The rows as a JSON array. */
    public String rows() {
        return start > 0 && page[start - 1] == '[' && end < page.length && page[end] == ']'
                ? new String(page, start - 1, end - start + 2, StandardCharsets.UTF_8)
                : "[" + new String(page, start, end - start, StandardCharsets.UTF_8) + "]";
    }

    /** Whether ids, stamps, columns and the places of all values are known. */
    public boolean isPlain() {
        return ids != null && cells.isEven();
    }
}
