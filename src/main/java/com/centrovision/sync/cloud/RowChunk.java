package com.centrovision.sync.cloud;

/**
 * Rows of a page as PostgREST wrote them, and what PostgreSQL need not look for in them again: each an array of
 * PostgreSQL's in its text form, or null where the rows do not tell.
 *
 * @param rows a JSON array
 * @param ids of each row
 * @param stamps the {@code updated_at} of each row
 * @param columns of the first row
 */
public record RowChunk(String rows, String ids, String stamps, String columns) {}
