package com.centrovision.sync.bench;

import com.centrovision.sync.demo.LabDatabase;

/** The columns of a table that can be written. */
record Columns(String table, String names, String assignments) {
    static Columns of(LabDatabase database, String table) {
        var row = database.query(
                        """
                        select
                          string_agg(quote_ident(attname), ', ' order by attnum) as names,
                          string_agg(format('%1$I = excluded.%1$I', attname), ', ' order by attnum)
                            filter (where attname <> 'id') as assignments
                        from pg_attribute
                        where attrelid = ?::regclass
                          and attnum > 0
                          and not attisdropped
                          and attgenerated = ''
                        """,
                        table)
                .get(0);
        return new Columns(
                table, row.get("names").toString(), row.get("assignments").toString());
    }

    /** An insert of what this select gives, or an update where the row is there. */
    String upsert(String select) {
        return "insert into %s (%s) %s on conflict (id) do update set %s".formatted(table, names, select, assignments);
    }
}
