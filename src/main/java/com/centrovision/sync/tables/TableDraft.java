package com.centrovision.sync.tables;

import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.problem.Text;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/** The file of a table that is to be synced, before it is written: its parameters, each with what it is for. */
public final class TableDraft {
    /** In the order of the file; a parameter without a value stands there as an example, commented out. */
    private static final Map<String, String> EXAMPLES = Map.of(
            "filter", "branch_id=eq.00000000-0000-0000-0000-000000000000",
            "derived_columns", "total,stock",
            "interval_seconds", "300");

    private final String name;
    private final Map<String, String> parameters;

    /**
     * @param parameters the values that are not to be the default ones, by the names that the template gives them
     * @throws Problem where the name or a value is not fit for a file
     */
    public TableDraft(String name, Map<String, String> parameters) {
        if (!TableParameters.isTable(name)) {
            throw new Problem(ProblemCode.TABLE_NAME_UNFIT, name);
        }
        parameters.forEach(TableDraft::requireFit);
        this.name = name;
        this.parameters = Map.copyOf(parameters);
    }

    private static void requireFit(String parameter, String value) {
        var rule = TableParameters.rule(parameter).orElseThrow();
        if (value.isEmpty() || !rule.accepts().test(value)) {
            throw new Problem(
                    ProblemCode.START_WRONG_USE,
                    Text.of("table.add.wrong-value", "--" + parameter.replace('_', '-'), value, rule.allowed()));
        }
    }

    /** The table as its file will declare it. */
    public SyncedTable in(Path folder) {
        var derived = parameters.getOrDefault("derived_columns", "");
        return new SyncedTable(
                name,
                routeId(),
                parameters.getOrDefault("conflicts", "last-write-wins"),
                parameters.getOrDefault("direction", "both"),
                parameters.getOrDefault("filter", ""),
                derived.isEmpty()
                        ? List.of()
                        : Arrays.stream(derived.split(",")).map(String::strip).toList(),
                parameters.containsKey("interval_seconds")
                        ? OptionalInt.of(Integer.parseInt(parameters.get("interval_seconds")))
                        : OptionalInt.empty(),
                folder.resolve(name + ".camel.yaml"));
    }

    private String routeId() {
        return name + "-down";
    }

    /** What stands in the file, explained in this language. */
    public String yaml(Locale language) {
        var lines = new ArrayList<String>();
        comment(lines, "", Text.of("table.file.what", name), language);
        comment(lines, "", Text.of("table.file.who"), language);
        lines.add("- templatedRoute:");
        lines.add("    routeTemplateRef: " + TableParameters.TEMPLATE);
        lines.add("    routeId: " + routeId());
        lines.add("    parameters:");
        comment(lines, "      ", Text.of("table.file.table"), language);
        parameter(lines, "table", name);
        comment(lines, "      ", Text.of("table.file.conflicts"), language);
        parameter(lines, "conflicts", parameters.getOrDefault("conflicts", "last-write-wins"));
        comment(lines, "      ", Text.of("table.file.direction"), language);
        parameter(lines, "direction", parameters.getOrDefault("direction", "both"));
        comment(lines, "      ", Text.of("table.file.filter"), language);
        choice(lines, "filter");
        comment(lines, "      ", Text.of("table.file.derived_columns"), language);
        choice(lines, "derived_columns");
        comment(lines, "      ", Text.of("table.file.interval_seconds"), language);
        choice(lines, "interval_seconds");
        return String.join("\n", lines) + "\n";
    }

    private static void comment(List<String> lines, String indent, Text text, Locale language) {
        lines.add(indent + "# " + text.in(language));
    }

    private static void parameter(List<String> lines, String parameter, String value) {
        lines.add("      - name: " + parameter);
        lines.add("        value: " + value);
    }

    private void choice(List<String> lines, String parameter) {
        if (parameters.containsKey(parameter)) {
            parameter(lines, parameter, quoted(parameters.get(parameter)));
        } else {
            lines.add("      # - name: " + parameter);
            lines.add("      #   value: " + quoted(EXAMPLES.get(parameter)));
        }
    }

    /** A filter may end with a colon, and a list of one number is no number. */
    private static String quoted(String value) {
        return value.matches("[0-9]+") ? value : "'" + value.replace("'", "''") + "'";
    }
}
