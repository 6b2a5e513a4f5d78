package com.centrovision.sync.down;

import java.time.Instant;
import java.util.OptionalLong;

/** Hears how the passes over the tables go on. */
public interface PassListener {
    void progress(String table, long rows, OptionalLong total, Instant startedAt);

    void ended(String table, long rows, long applied, Instant startedAt);

    void failed(String table, String error);
}
