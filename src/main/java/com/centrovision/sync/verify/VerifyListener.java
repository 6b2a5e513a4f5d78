package com.centrovision.sync.verify;

import java.time.Instant;

/** Hears how the comparison goes on: so many rows of a table so far. */
public interface VerifyListener {
    void progress(String table, long rows, Instant startedAt);
}
