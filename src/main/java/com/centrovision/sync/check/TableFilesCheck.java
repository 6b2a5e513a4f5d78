package com.centrovision.sync.check;

import com.centrovision.sync.problem.Text;
import com.centrovision.sync.tables.DeclaredTables;
import java.util.List;

/** The files of the tables, each problem with its file and line. */
public record TableFilesCheck(DeclaredTables declared) implements Check {
    @Override
    public List<Finding> findings() {
        return Check.orFine(
                declared.problems().stream().map(Finding::of).toList(),
                Finding.fine(Text.of("check.tables.fine", declared.tables().size())));
    }
}
