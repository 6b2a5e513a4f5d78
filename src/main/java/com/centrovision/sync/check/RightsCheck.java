package com.centrovision.sync.check;

import com.centrovision.sync.clinic.Rights;
import com.centrovision.sync.problem.Text;
import java.util.List;

/** What the service's user may do in the clinic's database. */
public record RightsCheck(Rights rights, List<String> tables) implements Check {
    @Override
    public List<Finding> findings() {
        return rights.report(tables)
                .problem()
                .map(Finding::of)
                .or(() ->
                        rights.loadsAreSlow().map(statement -> Finding.notice(Text.of("check.rights.slow"), statement)))
                .map(List::of)
                .orElseGet(() -> List.of(Finding.fine(Text.of("check.rights.fine"))));
    }
}
