package com.centrovision.sync.check;

import com.centrovision.sync.problem.Text;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;

/** Whether every change of the clinic is captured, and TRUNCATE refused; for a clinic that was prepared. */
public record TriggersCheck(JdbcTemplate clinic, String statement, List<String> tables) implements Check {
    @Override
    public List<Finding> findings() {
        return Check.orFine(
                clinic.query(
                        statement,
                        (row, number) -> Finding.wrong(Text.of(
                                "check.triggers.wrong", row.getString("table_name"), row.getString("triggers"))),
                        String.join(",", tables)),
                Finding.fine(Text.of("check.triggers.fine")));
    }
}
