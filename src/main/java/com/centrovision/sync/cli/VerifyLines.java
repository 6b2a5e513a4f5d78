package com.centrovision.sync.cli;

import com.centrovision.sync.problem.Text;
import com.centrovision.sync.verify.Difference;
import com.centrovision.sync.verify.TableReport;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** The comparison for people: a line of sums for each table, below it the rows that differ. */
final class VerifyLines implements VerifyOutput {
    private final PrintWriter out;
    private final Locale locale;
    private boolean headed;

    VerifyLines(PrintWriter out, Locale locale) {
        this.out = out;
        this.locale = locale;
    }

    @Override
    public void table(TableReport report) {
        if (report.leftOut().isPresent()) {
            say(Text.of("verify.left-out", report.table(), report.leftOut().get()));
            return;
        }
        if (!headed) {
            say(Text.of("verify.heading"));
            headed = true;
        }
        out.printf(
                locale,
                "%-22s %,10d %,10d %,10d %,10d %,10d %,10d%n",
                report.table(),
                report.compared(),
                report.equal(),
                report.onTheirWay(),
                report.different(),
                report.onlyCloud(),
                report.onlyClinic());
        report.differences().forEach(difference -> row(report.table(), difference));
        var more = report.differing() - report.differences().size();
        if (more > 0) {
            say(Text.of("verify.more", number(more), report.table()));
        }
        out.flush();
    }

    private void row(String table, Difference difference) {
        var how = what(difference);
        say(difference
                .reason()
                .map(reason -> Text.of("verify.row-why", table, difference.id(), how, reason))
                .orElseGet(() -> Text.of("verify.row", table, difference.id(), how)));
        difference
                .values()
                .properties()
                .forEach(column -> say(Text.of(
                        "verify.values",
                        column.getKey(),
                        column.getValue().get("cloud"),
                        column.getValue().get("clinic"))));
    }

    private static Text what(Difference difference) {
        return switch (difference.kind()) {
            case "cloud" -> Text.of("verify.only-cloud");
            case "clinic" -> Text.of("verify.only-clinic");
            default ->
                difference.columns().isEmpty()
                        ? Text.of("verify.different")
                        : Text.of("verify.different-in", String.join(", ", difference.columns()));
        };
    }

    @Override
    public void wouldRepair(long fetched, long onlyClinic) {
        say(Text.of("verify.would-repair", number(fetched), number(onlyClinic)));
    }

    @Override
    public void repairs(long fetched, long onlyClinic, boolean byService) {
        say(Text.of("verify.repairs", number(fetched), number(onlyClinic)));
        if (byService) {
            say(Text.of("once.asked"));
        }
        headed = false;
    }

    @Override
    public void unreachable() {
        say(Text.of("once.unreachable"));
    }

    @Override
    public void end(List<TableReport> reports, boolean allFilesRead) {
        var moving = reports.stream().mapToLong(TableReport::onTheirWay).sum();
        if (moving > 0) {
            say(Text.of("verify.on-their-way", number(moving)));
        }
        var leftOut =
                reports.stream().filter(report -> report.leftOut().isPresent()).count();
        var differing = reports.stream().mapToLong(TableReport::differing).sum();
        if (differing > 0 || leftOut > 0) {
            say(Text.of("verify.differ", number(differing), number(leftOut)));
        } else {
            say(Text.of(allFilesRead ? "verify.equal" : "verify.others-equal"));
        }
    }

    private String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private void say(Text text) {
        out.println(text.in(locale));
        out.flush();
    }
}
