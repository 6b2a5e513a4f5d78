package com.centrovision.sync.feed;

/**
 * What an answer of the feed tells about one table, or a part of it.
 *
 * @param rows a JSON array of rows, as PostgreSQL wrote them
 * @param gone ids of rows that the cloud has no more, with commas between
 * @param emptied whether the table was emptied as a whole
 */
public record FeedPart(String table, String rows, String gone, boolean emptied) {}
