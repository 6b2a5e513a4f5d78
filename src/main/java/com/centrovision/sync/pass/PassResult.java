package com.centrovision.sync.pass;

import com.centrovision.sync.problem.ExitCode;
import java.util.List;
import java.util.Map;

/**
 * How a full pass ended.
 *
 * @param reachable whether the cloud still answered at its end
 * @param pending changes of the clinic that are not in the cloud: refused, held or not sent
 * @param held rows of the clinic that wait for a person to decide their conflict
 * @param quarantined rows of the cloud that the clinic's database refused
 * @param failed tables whose pass failed
 * @param unequal tables that have another number of rows on the two sides
 * @param refused tables, and how many of their rows the cloud lacks or has in an older version, which a person must confirm
 */
public record PassResult(
        boolean reachable,
        long pending,
        long held,
        long quarantined,
        List<String> failed,
        List<String> unequal,
        Map<String, Long> refused) {

    public ExitCode exitCode() {
        if (!reachable) {
            return ExitCode.UNREACHABLE;
        }
        return pending == 0
                        && held == 0
                        && quarantined == 0
                        && failed.isEmpty()
                        && unequal.isEmpty()
                        && refused.isEmpty()
                ? ExitCode.OK
                : ExitCode.FINDINGS;
    }
}
