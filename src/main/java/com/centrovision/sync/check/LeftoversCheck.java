package com.centrovision.sync.check;

import com.centrovision.sync.problem.StoredText;
import com.centrovision.sync.problem.Text;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;

/** What the sync left to a person, by table. */
public record LeftoversCheck(JdbcTemplate clinic, String statement) implements Check {
    @Override
    public List<Finding> findings() {
        var findings = clinic.query(statement, (row, number) -> of(row)).stream()
                .flatMap(List::stream)
                .toList();
        return Check.orFine(findings, Finding.fine(Text.of("check.leftovers.fine")));
    }

    private static List<Finding> of(ResultSet row) throws SQLException {
        var table = row.getString("table_name");
        var findings = new ArrayList<Finding>();
        if (row.getLong("quarantine") > 0) {
            findings.add(Finding.wrong(Text.of("check.leftovers.quarantine", table, row.getLong("quarantine"))));
        }
        if (row.getLong("held") > 0) {
            findings.add(Finding.wrong(Text.of("check.leftovers.held", table, row.getLong("held"))));
        }
        if (row.getString("guard") != null) {
            findings.add(Finding.wrong(
                    Text.of("check.leftovers.guard", table, row.getString("guard"), row.getLong("guard_rows"))));
        }
        if (row.getString("last_error") != null) {
            findings.add(Finding.wrong(
                    Text.of("check.leftovers.error", table, new StoredText(row.getString("last_error")))));
        }
        return findings;
    }
}
