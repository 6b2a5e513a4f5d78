package com.centrovision.sync.conflicts;

import org.apache.camel.Body;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the log how conflicts ended. Threads share it. */
public final class Conflicts {
    private static final Logger LOG = LoggerFactory.getLogger(Conflicts.class);

    public void decided(@Variable("table") String table, @Variable("ids") String row, @Body String verdict) {
        switch (verdict) {
            case "local", "remote", "merged", "held" ->
                LOG.warn("conflict kept table={} row={} winner={}", table, row, verdict);
            default -> LOG.debug("no conflict after all table={} row={} verdict={}", table, row, verdict);
        }
    }
}
