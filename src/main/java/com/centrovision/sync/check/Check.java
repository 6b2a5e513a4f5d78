package com.centrovision.sync.check;

import java.io.IOException;
import java.util.List;

/** Looks at one thing and changes nothing; what it could not ask comes out as an exception. */
@FunctionalInterface
public interface Check {
    List<Finding> findings() throws IOException;

    /** The findings, or that all is well. */
    static List<Finding> orFine(List<Finding> findings, Finding fine) {
        return findings.isEmpty() ? List.of(fine) : findings;
    }
}
