package com.centrovision.sync.bench;

import com.centrovision.sync.demo.LabDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.postgresql.PGConnection;

/** Limits of writing pages of a table into a clinic, without any question asked: two connections, pages in memory. */
final class BareApply {
    private static final int CONNECTIONS = 2;
    private static final int PAGE_ROWS = 1000;

    private final LabDatabase clinic;
    private final Columns columns;

    BareApply(LabDatabase clinic, String table) {
        this.clinic = clinic;
        this.columns = Columns.of(clinic, table);
    }

    private interface PageWriter {
        void write(Connection connection, String page) throws SQLException, IOException;
    }

    /** COPY into a temporary table and an upsert from there, a transaction a page. */
    void copy(List<String> pages, Duration patience) throws Exception {
        var upsert = columns.upsert("select " + columns.names() + " from page");
        apply(pages, patience, (connection, page) -> {
            try (var statement = connection.createStatement()) {
                statement.execute("create temporary table if not exists page (like " + columns.table() + ")");
                statement.execute("truncate page");
                connection
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyIn("copy page (" + columns.names() + ") from stdin", new StringReader(page));
                statement.execute(upsert);
            }
        });
    }

    /** One statement a page, which takes PostgREST's answer as it is. */
    void json(List<String> pages, Duration patience) throws Exception {
        var upsert = columns.upsert(
                "select " + columns.names() + " from json_populate_recordset(null::" + columns.table() + ", ?::json)");
        apply(pages, patience, (connection, page) -> {
            try (var statement = connection.prepareStatement(upsert)) {
                statement.setString(1, page);
                statement.executeUpdate();
            }
        });
    }

    private void apply(List<String> pages, Duration patience, PageWriter writer) throws Exception {
        Queue<String> left = new ConcurrentLinkedQueue<>(pages);
        Workers.run(CONNECTIONS, patience, worker -> () -> {
            try (var connection = clinic.connect();
                    var settings = connection.createStatement()) {
                settings.execute("set session_replication_role = replica");
                settings.execute("set synchronous_commit = off");
                connection.setAutoCommit(false);
                for (var page = left.poll(); page != null; page = left.poll()) {
                    writer.write(connection, page);
                    connection.commit();
                }
                return 0L;
            }
        });
    }

    /** All rows of the cloud's table in the text format of COPY, a thousand a page. */
    static List<String> copyPages(LabDatabase cloud, String table) throws SQLException, IOException {
        var text = new ByteArrayOutputStream();
        try (var connection = cloud.connect()) {
            copyOut(
                    connection,
                    "copy (select " + Columns.of(cloud, table).names() + " from " + table + ") to stdout",
                    text);
        }
        var pages = new ArrayList<String>();
        var page = new StringBuilder();
        int rows = 0;
        for (var line : (Iterable<String>) text.toString("UTF-8").lines()::iterator) {
            page.append(line).append('\n');
            if (++rows % PAGE_ROWS == 0) {
                pages.add(page.toString());
                page.setLength(0);
            }
        }
        pages.add(page.toString());
        return pages;
    }

    private static void copyOut(Connection connection, String sql, OutputStream out) throws SQLException, IOException {
        connection.unwrap(PGConnection.class).getCopyAPI().copyOut(sql, out);
    }

    /** The same as PostgREST would answer it. */
    static List<String> jsonPages(LabDatabase cloud, String table) {
        return cloud
                .query(
                        """
                        select json_agg(r)::text as page
                        from (select t.*, (row_number() over () - 1) / %d as page_number from %s t) r
                        group by page_number
                        """
                                .formatted(PAGE_ROWS, table))
                .stream()
                .map(row -> row.get("page").toString())
                .toList();
    }
}
