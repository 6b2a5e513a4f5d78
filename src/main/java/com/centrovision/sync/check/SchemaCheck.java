package com.centrovision.sync.check;

import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.problem.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcTemplate;

/** The same tables and columns on both sides: where they differ, and what that means for the rows. */
public record SchemaCheck(
        JdbcTemplate clinic, String statement, Map<String, Map<String, String>> cloudTypes, List<String> tables)
        implements Check {
    private static final List<Set<String>> ALIKE =
            List.of(Set.of("text", "character varying", "character", "citext"), Set.of("json", "jsonb"));

    private record Column(String name, String type, boolean demanded, boolean isKey) {}

    @Override
    public List<Finding> findings() {
        var ours = new TreeMap<String, List<Column>>();
        clinic.query(
                statement,
                row -> {
                    ours.computeIfAbsent(row.getString("table_name"), table -> new ArrayList<>())
                            .add(new Column(
                                    row.getString("column_name"),
                                    row.getString("type"),
                                    row.getBoolean("demanded"),
                                    row.getBoolean("is_key")));
                },
                String.join(",", tables));
        var findings = new ArrayList<Finding>();
        for (var table : tables) {
            findings.addAll(of(table, ours.getOrDefault(table, List.of()), cloudTypes.getOrDefault(table, Map.of())));
        }
        return Check.orFine(findings, Finding.fine(Text.of("check.schema.fine", tables.size())));
    }

    private static List<Finding> of(String table, List<Column> ours, Map<String, String> theirs) {
        if (ours.isEmpty()) {
            return List.of(Finding.of(new Problem(ProblemCode.TABLE_MISSING, table, Text.of("check.the-clinic"))));
        }
        if (theirs.isEmpty()) {
            return List.of(Finding.of(new Problem(ProblemCode.TABLE_MISSING, table, Text.of("check.the-cloud"))));
        }
        var findings = new ArrayList<Finding>();
        if (ours.stream()
                .noneMatch(column -> column.name().equals("id") && column.type().equals("uuid") && column.isKey())) {
            findings.add(Finding.of(new Problem(ProblemCode.CLINIC_TABLE_UNFIT, table, "id uuid primary key")));
        }
        if (ours.stream()
                .noneMatch(column ->
                        column.name().equals("updated_at") && column.type().equals("timestamp with time zone"))) {
            findings.add(Finding.of(new Problem(ProblemCode.CLINIC_TABLE_UNFIT, table, "updated_at timestamptz")));
        }
        var names = ours.stream().map(Column::name).collect(Collectors.toSet());
        theirs.keySet().stream()
                .filter(name -> !names.contains(name))
                .map(name -> Finding.wrong(
                        Text.of("check.schema.cloud-only", table, name),
                        "alter table public.%s add column \"%s\" %s;".formatted(table, name, theirs.get(name))))
                .forEach(findings::add);
        for (var column : ours) {
            if (theirs.containsKey(column.name())) {
                typesDiffer(table, column, theirs.get(column.name())).forEach(findings::add);
            } else if (column.demanded()) {
                findings.add(Finding.wrong(Text.of("check.schema.demanded", table, column.name())));
            } else {
                findings.add(Finding.notice(Text.of("check.schema.clinic-only", table, column.name())));
            }
        }
        return findings;
    }

    private static List<Finding> typesDiffer(String table, Column column, String cloudType) {
        var clinicType = plain(column.type());
        var theirs = plain(cloudType);
        return clinicType.equals(theirs)
                        || ALIKE.stream().anyMatch(alike -> alike.contains(clinicType) && alike.contains(theirs))
                ? List.of()
                : List.of(Finding.wrong(Text.of("check.schema.type", table, column.name(), column.type(), cloudType)));
    }

    private static String plain(String type) {
        return type.replaceFirst("^public\\.", "");
    }
}
