package com.centrovision.sync.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Rows under a heading, each column as wide as it has to be; the last one may be of any length. */
final class TextTable {
    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();
    private final List<Integer> numbers;

    /** @param numbers the places of the columns that are set to the right, from 0 */
    TextTable(List<Integer> numbers, String... heading) {
        this.numbers = List.copyOf(numbers);
        rows.add(List.of(heading));
    }

    void add(Object... cells) {
        rows.add(List.of(cells).stream().map(Object::toString).toList());
    }

    List<String> lines() {
        var widths = IntStream.range(0, rows.get(0).size())
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private String line(List<String> row, int[] widths) {
        return IntStream.range(0, row.size())
                .mapToObj(column -> cell(row.get(column), widths[column], numbers.contains(column)))
                .collect(Collectors.joining(GAP))
                .stripTrailing();
    }

    private static String cell(String text, int width, boolean toTheRight) {
        var blanks = " ".repeat(width - text.length());
        return toTheRight ? blanks + text : text + blanks;
    }
}
