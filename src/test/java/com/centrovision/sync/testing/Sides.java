package com.centrovision.sync.testing;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.tables.DeclaredTables;
import com.centrovision.sync.tables.SyncedTable;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Compares the cloud and a clinic row for row and column for column, as PostgreSQL writes the rows. */
public record Sides(LabDatabase cloud, LabDatabase clinic) {
    public static final List<String> TABLES = new DeclaredTables(Path.of("routes/tables"))
            .tables().stream().map(SyncedTable::name).toList();

    public static Sides of(Lab lab, LabDatabase clinic) {
        return new Sides(lab.cloud(), clinic);
    }

    /** These tables; all of them where none is named. */
    public void assertEqual(String... tables) {
        var asked = tables.length == 0 ? TABLES : List.of(tables);
        var inCloud = fingerprints(cloud, asked);
        var inClinic = fingerprints(clinic, asked);
        for (int i = 0; i < asked.size(); i++) {
            if (!inCloud.get(i).equals(inClinic.get(i))) {
                var table = asked.get(i);
                assertEquals(rows(cloud, table), rows(clinic, table), table);
            }
        }
    }

    private static List<?> fingerprints(LabDatabase database, List<String> tables) {
        return database.query(tables.stream()
                .map(table -> "select count(*), md5(string_agg(md5(t::text), '' order by t.id)) from " + table + " t")
                .collect(joining(" union all ")));
    }

    private static Map<Object, Object> rows(LabDatabase database, String table) {
        var rows = new TreeMap<Object, Object>();
        database.query("select id::text, t::text as row from " + table + " t")
                .forEach(row -> rows.put(row.get("id"), row.get("row")));
        return rows;
    }
}
