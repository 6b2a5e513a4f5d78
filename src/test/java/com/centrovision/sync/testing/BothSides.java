package com.centrovision.sync.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.centrovision.sync.demo.Lab;
import com.centrovision.sync.demo.LabDatabase;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Compares every table of the cloud with a clinic's, row by row. */
public final class BothSides {
    private BothSides() {}

    public static void assertEqual(Lab lab, LabDatabase clinic) {
        var tables = tables(lab.cloud());
        assertEquals(contents(lab.cloud(), tables), contents(clinic, tables));
    }

    /** The tables of a clinic, as the cloud has them. */
    public static List<String> tables(LabDatabase cloud) {
        return cloud
                .query(
                        """
                        select relname from pg_class
                        where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1
                        """)
                .stream()
                .map(row -> row.get("relname").toString())
                .toList();
    }

    private static Map<String, Object> contents(LabDatabase side, List<String> tables) {
        var contents = new LinkedHashMap<String, Object>();
        for (var table : tables) {
            contents.put(
                    table,
                    side.value(
                                    "select count(*) || ' ' || coalesce(md5(string_agg(to_jsonb(t)::text, '' order by t.id)), '') "
                                            + "from " + table + " t")
                            .orElseThrow());
        }
        return contents;
    }
}
