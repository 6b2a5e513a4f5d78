package com.centrovision.sync.cli;

import com.centrovision.sync.conflicts.ConflictVersions;
import com.centrovision.sync.conflicts.ConflictVersions.Column;
import com.centrovision.sync.problem.ClinicTime;
import com.centrovision.sync.problem.Text;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The versions of a conflict's row as a person reads them: a table of what differs, or every value in full. */
final class VersionsText {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int WIDTH = 24;
    private static final String LINE = "%-20s   %-24s   %-24s   %-24s   %s";

    private final ConflictVersions versions;
    private final Locale locale;
    private final boolean full;

    VersionsText(ConflictVersions versions, Locale locale, boolean full) {
        this.versions = versions;
        this.locale = locale;
        this.full = full;
    }

    List<String> lines() {
        var lines = new ArrayList<>(heading());
        var columns = versions.columns();
        if (full) {
            columns.forEach(column -> lines.addAll(inFull(column)));
        } else if (!columns.isEmpty()) {
            lines.add(LINE.formatted(
                    text("conflicts.column"),
                    text("conflicts.base"),
                    text("conflicts.clinic"),
                    text("conflicts.cloud"),
                    text("conflicts.result")));
            columns.forEach(column -> lines.add(inTable(column).stripTrailing()));
        }
        lines.add("");
        lines.add(text("conflicts.equal", versions.equalColumns()));
        if (!full && columns.stream().anyMatch(VersionsText::isCut)) {
            lines.add(text("conflicts.cut"));
        }
        return lines;
    }

    private List<String> heading() {
        var conflict = versions.conflict();
        var lines = new ArrayList<String>();
        lines.add(text("conflicts.title", conflict.id(), conflict.tableName(), conflict.recordId()));
        lines.add(text(
                "conflicts.decision",
                Text.of("conflict.kind." + conflict.kind()),
                conflict.strategy(),
                ConflictsCommand.winner(conflict.winner())));
        lines.add(text(
                "conflicts.stamps",
                ClinicTime.second(conflict.localStamp()),
                ClinicTime.second(conflict.remoteStamp()),
                conflict.skewMs() == null ? "-" : "%+.1f".formatted(conflict.skewMs() / 1000.0)));
        if (conflict.resolvedAt() != null) {
            lines.add(text(
                    "conflicts.resolved",
                    ConflictsCommand.winner(conflict.resolution()),
                    Optional.ofNullable(conflict.resolvedBy()).orElse("-"),
                    ClinicTime.minute(conflict.resolvedAt())));
        }
        lines.add("");
        return lines;
    }

    private String inTable(Column column) {
        return LINE.formatted(
                column.name(),
                cut(value(column.base())),
                mark(column.changedByClinic(), cut(value(column.clinic()))),
                mark(column.changedByCloud(), cut(value(column.cloud()))),
                cut(value(column.result())));
    }

    private List<String> inFull(Column column) {
        return List.of(
                column.name(),
                labelled("conflicts.base", value(column.base())),
                labelled("conflicts.clinic", mark(column.changedByClinic(), value(column.clinic()))),
                labelled("conflicts.cloud", mark(column.changedByCloud(), value(column.cloud()))),
                labelled("conflicts.result", value(column.result())));
    }

    private String labelled(String key, String value) {
        return "   %-9s %s".formatted(text(key), value.replace("\n", "\n" + " ".repeat(13)));
    }

    private static String mark(boolean changed, String value) {
        return changed ? "* " + value : value;
    }

    private static boolean isCut(Column column) {
        return List.of(value(column.base()), value(column.clinic()), value(column.cloud()), value(column.result()))
                .stream()
                .anyMatch(value -> !cut(value).equals(value));
    }

    private static String cut(String value) {
        var line = value.replace('\n', ' ');
        var room = WIDTH - 2;
        return line.length() <= room ? line : line.substring(0, room - 1) + "…";
    }

    /** A text without its quotes; what a terminal would obey is made harmless. */
    private static String value(String json) {
        if (json == null) {
            return "-";
        }
        try {
            var plain = json.startsWith("\"") ? JSON.readValue(json, String.class) : json;
            return plain.replaceAll("[\\p{Cc}\\p{Cf}\\u2028\\u2029&&[^\\n]]", "\uFFFD");
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible.getClass().getSimpleName());
        }
    }

    private String text(String key, Object... arguments) {
        return Text.of(key, arguments).in(locale);
    }
}
