package com.centrovision.sync.check;

import com.centrovision.sync.cloud.CloudProbe;
import com.centrovision.sync.cloud.CloudRefusedException;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.problem.Text;
import com.centrovision.sync.tables.SyncedTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the key may do with each table, asked without changing a row. */
public record CloudRightsCheck(CloudProbe cloud, List<SyncedTable> tables) implements Check {
    /** SchemaCheck tells of it. */
    private static final List<String> NO_SUCH_TABLE = List.of("42P01", "PGRST205");

    @Override
    public List<Finding> findings() throws IOException {
        var findings = new ArrayList<Finding>();
        for (var table : tables) {
            try {
                denied(table).ifPresent(findings::add);
            } catch (CloudRefusedException refusal) {
                if (!NO_SUCH_TABLE.contains(refusal.code())) {
                    findings.add(Finding.of(new Problem(ProblemCode.CLOUD_REFUSED, table.name(), refusal.code())));
                }
            }
        }
        return Check.orFine(findings, Finding.fine(Text.of("check.cloud-rights.fine", tables.size())));
    }

    private Optional<Finding> denied(SyncedTable table) throws IOException {
        var denied = cloud.denied(table.name(), !table.direction().equals("down"));
        var rights = String.join(", ", denied);
        return denied.isEmpty()
                ? Optional.empty()
                : Optional.of(Finding.wrong(
                        Text.of("check.cloud-rights.wrong", table.name(), rights),
                        "grant %s on public.%s to service_role;"
                                .formatted(rights.toLowerCase(Locale.ROOT), table.name())));
    }
}
