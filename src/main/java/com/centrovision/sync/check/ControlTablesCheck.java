package com.centrovision.sync.check;

import com.centrovision.sync.clinic.ControlTables;
import com.centrovision.sync.problem.Text;
import java.util.List;

/** Whether the control tables are there and those of this version; the next start brings them up to date by itself. */
public record ControlTablesCheck(ControlTables tables) implements Check {
    @Override
    public List<Finding> findings() {
        if (!tables.exist()) {
            return List.of(Finding.notice(Text.of("check.control.missing")));
        }
        tables.requireNotNewer();
        var pending = tables.pending();
        return List.of(
                pending == 0
                        ? Finding.fine(Text.of("check.control.fine"))
                        : Finding.notice(Text.of("check.control.pending", pending)));
    }
}
