package com.centrovision.sync.down;

/**
 * How rows with these columns are copied, as {@code sync_copy_plan} tells it.
 *
 * @param columns of the rows, an array of PostgreSQL's in its text form
 * @param copy the statement; null where such rows cannot be copied
 * @param kinds a letter for each column
 * @param knownColumns of the table, while the plan holds
 */
record CopyPlan(String columns, String copy, String kinds, String knownColumns) {}
