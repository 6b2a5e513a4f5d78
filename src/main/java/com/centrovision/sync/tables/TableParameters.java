package com.centrovision.sync.tables;

import com.centrovision.sync.problem.Text;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The parameters of a table's route and what each may say; the template declares the same names. */
final class TableParameters {
    static final String TEMPLATE = "table-down";

    private static final Pattern IDENTIFIER = Pattern.compile("[a-z_][a-z0-9_]{0,62}");
    private static final Pattern CONTROL_TABLE = Pattern.compile("_sync_.*|_conflicts");
    private static final Pattern CONDITION =
            Pattern.compile("(?!(select|order|limit|offset|columns|on_conflict)=)[a-z_][a-z0-9_.]*=[^&\\s\"{}#]+");

    private static final Map<String, Rule> RULES = Map.of(
            "table", rule(Text.of("table.allows.table"), TableParameters::isTable),
            "conflicts", oneOf("last-write-wins", "merge", "manual"),
            "direction", oneOf("both", "down", "up"),
            "filter", rule(Text.of("table.allows.filter"), text -> each(text, "&", CONDITION)),
            "derived_columns", rule(Text.of("table.allows.derived_columns"), text -> each(text, ",", IDENTIFIER)),
            "interval_seconds",
                    rule(
                            Text.of("table.allows.interval_seconds"),
                            text -> text.matches("[1-9][0-9]{0,4}") && Integer.parseInt(text) <= 86_400));

    private TableParameters() {}

    /** @param allowed a text for people, or the words themselves */
    record Rule(Object allowed, Predicate<String> accepts) {}

    static boolean isTable(String name) {
        return IDENTIFIER.matcher(name).matches()
                && !CONTROL_TABLE.matcher(name).matches();
    }

    static List<String> names() {
        return RULES.keySet().stream().sorted().toList();
    }

    static Optional<Rule> rule(String name) {
        return Optional.ofNullable(RULES.get(name));
    }

    private static Rule rule(Object allowed, Predicate<String> accepts) {
        return new Rule(allowed, accepts);
    }

    private static Rule oneOf(String... values) {
        return rule(Arrays.stream(values).collect(Collectors.joining(", ")), List.of(values)::contains);
    }

    private static boolean each(String text, String separator, Pattern pattern) {
        return text.isEmpty()
                || Arrays.stream(text.split(separator, -1))
                        .allMatch(part -> pattern.matcher(part.strip()).matches());
    }
}
