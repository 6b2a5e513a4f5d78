package com.centrovision.sync.down;

import java.time.Instant;
import java.util.OptionalLong;

/** Hears how the passes over the tables go on. */
public interface PassListener {
    /** Nobody listens. */
    PassListener NONE = (table, rows, total, ended, startedAt) -> {};

    /** Pages were applied: so many rows since the pass began, of so many if that is known; or the pass is over. */
    void progress(String table, long rows, OptionalLong total, boolean ended, Instant startedAt);
}
