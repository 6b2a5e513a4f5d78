package com.centrovision.sync.down;

import java.time.Instant;
import java.util.OptionalLong;

/**
 * A pass at the end of its last page.
 *
 * @param total the rows that it will have read, where the cloud said so
 * @param rest the PostgREST filter of the rows that it has yet to read
 */
public record RunningPass(String table, Instant startedAt, long rows, OptionalLong total, String rest) {}
