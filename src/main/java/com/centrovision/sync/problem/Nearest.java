package com.centrovision.sync.problem;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.function.Function;

/** Finds what somebody meant by a misspelt name, for "did you mean …?". */
public final class Nearest {
    private static final double STILL_LIKE_IT = 0.5;

    private Nearest() {}

    /** The known name most like the wrong one; there must be at least one. */
    public static String to(String wrong, Collection<String> known) {
        return to(wrong, known, Function.identity());
    }

    /** The known thing whose name is most like the wrong one; the first of them when several are alike. */
    public static <T> T to(String wrong, Collection<T> known, Function<T, String> name) {
        return known.stream()
                .min(Comparator.comparingDouble(thing -> distance(wrong, name.apply(thing))))
                .orElseThrow();
    }

    /** As a sentence of its own, with a blank before it; empty where nothing is like it. */
    public static Object suggestion(String wrong, Collection<String> known) {
        return known.stream()
                .filter(name -> name.startsWith(wrong) || distance(wrong, name) <= STILL_LIKE_IT)
                .min(Comparator.comparingDouble(name -> distance(wrong, name)))
                .<Object>map(name -> Text.of("suggestion", name))
                .orElse("");
    }

    /** The share of letters to change or to exchange (Levenshtein): 0 for the same name, 1 for nothing in common. */
    static double distance(String one, String other) {
        var left = one.toLowerCase(Locale.ROOT);
        var right = other.toLowerCase(Locale.ROOT);
        var above = new int[right.length() + 1];
        for (int column = 0; column <= right.length(); column++) {
            above[column] = column;
        }
        var twoAbove = above;
        for (int row = 1; row <= left.length(); row++) {
            var current = new int[right.length() + 1];
            current[0] = row;
            for (int column = 1; column <= right.length(); column++) {
                int change = left.charAt(row - 1) == right.charAt(column - 1) ? 0 : 1;
                current[column] =
                        Math.min(above[column - 1] + change, 1 + Math.min(above[column], current[column - 1]));
                if (areExchanged(left, row, right, column)) {
                    current[column] = Math.min(current[column], 1 + twoAbove[column - 2]);
                }
            }
            twoAbove = above;
            above = current;
        }
        return (double) above[right.length()] / Math.max(1, Math.max(left.length(), right.length()));
    }

    private static boolean areExchanged(String left, int row, String right, int column) {
        return row > 1
                && column > 1
                && left.charAt(row - 1) == right.charAt(column - 2)
                && left.charAt(row - 2) == right.charAt(column - 1);
    }
}
