package com.centrovision.sync.bench;

import static java.util.stream.Collectors.joining;

import java.util.Locale;
import java.util.Optional;

/** A result as Markdown: the goals first, then every figure with its median, beside that of the run before. */
final class ResultText {
    private ResultText() {}

    static String of(Result result, Optional<Result> before) {
        var text = new StringBuilder(
                "\n### %s\n\n%s Rows: %,d.\n\n".formatted(result.scenario(), result.method(), result.rows()));
        if (!result.failure().isEmpty()) {
            text.append("**Not finished**: %s\n\n"
                    .formatted(result.failure().lines().findFirst().orElse("")));
        }
        text.append("| goal | reached | asked | |\n| --- | ---: | ---: | --- |\n");
        result.goals()
                .forEach(goal -> text.append("| %s | %s | %s %s | %s |\n"
                        .formatted(
                                goal.text(),
                                number(goal.reached()),
                                goal.minimum() ? "≥" : "≤",
                                number(goal.bound()),
                                goal.isMet() ? "met" : "**missed**")));
        text.append("\n| figure | median | %seach time |\n| --- | ---: | %s--- |\n"
                .formatted(before.isPresent() ? "before | " : "", before.isPresent() ? "---: | " : ""));
        result.measures()
                .forEach(measure -> text.append("| %s | %s %s | %s%s |\n"
                        .formatted(
                                measure.name(),
                                number(measure.median()),
                                measure.unit(),
                                before.map(last -> median(last, measure.name()) + " | ")
                                        .orElse(""),
                                measure.values().stream()
                                        .map(ResultText::number)
                                        .collect(joining(", ")))));
        return text.toString();
    }

    private static String median(Result result, String name) {
        return result.measures().stream()
                .filter(measure -> measure.name().equals(name))
                .map(measure -> number(measure.median()))
                .findFirst()
                .orElse("");
    }

    /** Three digits are all that a measurement is worth. */
    static String number(double value) {
        if (Double.isNaN(value)) {
            return "not measured";
        }
        var digits = value >= 100 || value == Math.rint(value) ? 0 : value >= 10 ? 1 : 2;
        return String.format(Locale.ROOT, "%,." + digits + "f", value);
    }
}
