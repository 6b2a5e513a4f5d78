package com.centrovision.sync.demo.show;

import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.status.StatusReader;
import com.centrovision.sync.status.StatusSnapshot;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcTemplate;

/** Looks into both databases directly, past the service that is being shown. Threads share it. */
public final class BothSides {
    private final LabDatabase cloud;
    private final LabDatabase clinic;
    private final JdbcTemplate service;
    private final List<String> tables;

    BothSides(LabDatabase cloud, LabDatabase clinic, JdbcTemplate service, List<String> tables) {
        this.cloud = cloud;
        this.clinic = clinic;
        this.service = service;
        this.tables = tables.stream().sorted().toList();
    }

    StatusSnapshot status() {
        return new StatusReader(service).read().in(Locale.ENGLISH);
    }

    Figures figures() {
        return new Figures(status(), counts(cloud), counts(clinic));
    }

    /** Every row with all its columns, its stamp among them. */
    Comparison compare() {
        var contents =
                "select '%1$s' as name, count(*) as rows, md5(string_agg(to_jsonb(t)::text, '/' order by t.id)) as content from %1$s t";
        var theirs = read(cloud, contents);
        var ours = read(clinic, contents);
        var different = tables.stream()
                .filter(table -> !theirs.get(table).equals(ours.get(table)))
                .toList();
        long rows =
                ours.values().stream().mapToLong(row -> (Long) row.get("rows")).sum();
        return new Comparison(tables.size(), rows, different);
    }

    private Map<String, Long> counts(LabDatabase side) {
        var rows = new TreeMap<String, Long>();
        read(side, "select '%1$s' as name, count(*) as rows from %1$s")
                .forEach((table, row) -> rows.put(table, (Long) row.get("rows")));
        return rows;
    }

    private Map<String, Map<String, Object>> read(LabDatabase side, String selectOfOneTable) {
        var select = tables.stream().map(selectOfOneTable::formatted).collect(Collectors.joining(" union all "));
        var rows = new TreeMap<String, Map<String, Object>>();
        side.query(select).forEach(row -> rows.put((String) row.get("name"), row));
        return rows;
    }
}
