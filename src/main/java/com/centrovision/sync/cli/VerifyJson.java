package com.centrovision.sync.cli;

import com.centrovision.sync.verify.Difference;
import com.centrovision.sync.verify.TableReport;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;

/** The comparison as one JSON object, printed at its end; its fields are those of {@code docs/json.md}. */
final class VerifyJson implements VerifyOutput {
    private final PrintWriter out;
    private final ObjectNode json = new ObjectMapper().createObjectNode();
    private ArrayNode tables = json.putArray("tables");

    VerifyJson(PrintWriter out) {
        this.out = out;
        json.putNull("repair");
    }

    @Override
    public void table(TableReport report) {
        var table = tables.addObject()
                .put("name", report.table())
                .put("left_out", report.leftOut().orElse(null))
                .put("compared", report.compared())
                .put("equal", report.equal())
                .put("on_their_way", report.onTheirWay())
                .put("different", report.different())
                .put("only_cloud", report.onlyCloud())
                .put("only_clinic", report.onlyClinic());
        var differences = table.putArray("differences");
        report.differences().forEach(difference -> add(differences.addObject(), difference));
        table.put("more", report.differing() - report.differences().size());
    }

    private static void add(ObjectNode row, Difference difference) {
        row.put("id", difference.id()).put("kind", difference.kind());
        var columns = row.putArray("columns");
        difference.columns().forEach(columns::add);
        row.put("reason", difference.reason().orElse(null));
        if (difference.values().isObject()) {
            row.set("values", difference.values());
        }
    }

    @Override
    public void wouldRepair(long fetched, long onlyClinic) {
        repair(fetched, onlyClinic).put("dry_run", true);
    }

    @Override
    public void repairs(long fetched, long onlyClinic, boolean byService) {
        var repair = repair(fetched, onlyClinic).put("dry_run", false).put("reachable", true);
        tables = repair.putArray("tables");
    }

    private ObjectNode repair(long fetched, long onlyClinic) {
        return json.putObject("repair").put("fetched", fetched).put("only_clinic", onlyClinic);
    }

    @Override
    public void unreachable() {
        json.withObject("/repair").put("reachable", false);
        json.put("equal", false);
        out.println(json);
        out.flush();
    }

    @Override
    public void end(List<TableReport> reports, boolean allFilesRead) {
        json.put("equal", reports.stream().allMatch(TableReport::isEqual));
        out.println(json);
        out.flush();
    }
}
