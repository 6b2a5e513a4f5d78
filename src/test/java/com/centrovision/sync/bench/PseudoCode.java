package com.centrovision.sync.bench;

import com.centrovision.sync.demo.LabDatabase;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A baseline: the algorithm as the specification of this service once sketched it, one thing after the other on one
 * connection. Down: a page of rows, each upserted by a statement of its own. Up: a request for each change, which is
 * then marked as synced. What the sketch leaves out (pages, the columns that cannot be written) is added.
 */
final class PseudoCode {
    private static final int PAGE_ROWS = 1000;
    private static final int PENDING_ROWS = 100;

    private final ObjectMapper json = new ObjectMapper();
    private final BareClient cloud;
    private final LabDatabase clinic;
    private final Columns columns;

    PseudoCode(Stand stand, LabDatabase clinic, String table, boolean compressed) {
        this.cloud = stand.bareClient(compressed);
        this.clinic = clinic;
        this.columns = Columns.of(clinic, table);
    }

    /** Returns how many rows came. */
    long down(int mostRows, Duration patience) throws IOException, InterruptedException, SQLException {
        long deadline = System.nanoTime() + patience.toNanos();
        var upsert = columns.upsert(
                "select " + columns.names() + " from json_populate_record(null::" + columns.table() + ", ?::json)");
        long rows = 0;
        try (var connection = clinic.connect()) {
            connection.setAutoCommit(false);
            for (int page = PAGE_ROWS; page == PAGE_ROWS && rows < mostRows; rows += page) {
                requireTime(deadline);
                var answer = cloud.get(
                        columns.table() + "?select=*&order=updated_at.asc&limit=" + PAGE_ROWS + "&offset=" + rows);
                page = upsertEach(connection, upsert, answer.body());
                connection.commit();
            }
        }
        return rows;
    }

    private int upsertEach(Connection connection, String upsert, byte[] page) throws SQLException, IOException {
        try (var settings = connection.createStatement();
                var statement = connection.prepareStatement(upsert)) {
            settings.execute("set local app.is_sync = 'true'");
            var records = json.readTree(page);
            for (var row : records) {
                statement.setString(1, row.toString());
                statement.executeUpdate();
            }
            return records.size();
        }
    }

    /** The sketch's own control table and trigger, in a clinic that is the baseline's alone. */
    void captureUpdates() {
        clinic.execute(
                """
                create table _pending (id serial primary key, record_id uuid, data jsonb, synced boolean default false);
                create function log_local_changes() returns trigger language plpgsql as $$
                begin
                  if current_setting('app.is_sync', true) is distinct from 'true' then
                    insert into _pending (record_id, data) values (new.id, row_to_json(new)::jsonb - 'full_name');
                  end if;
                  return new;
                end
                $$;
                create trigger sync_changes after update on %s for each row execute function log_local_changes();
                """
                        .formatted(columns.table()));
    }

    /** Returns how many changes went. */
    long up(Duration patience) throws IOException, InterruptedException, SQLException {
        long deadline = System.nanoTime() + patience.toNanos();
        long sent = 0;
        for (var pending = pending(); !pending.isEmpty(); pending = pending()) {
            try (var connection = clinic.connect();
                    var mark = connection.prepareStatement("update _pending set synced = true where id = ?")) {
                for (var change : pending) {
                    requireTime(deadline);
                    cloud.patch(
                            columns.table() + "?id=eq." + change.get("record_id"),
                            change.get("data").toString());
                    mark.setObject(1, change.get("id"));
                    mark.executeUpdate();
                    sent++;
                }
            }
        }
        return sent;
    }

    private List<Map<String, Object>> pending() {
        return clinic.query(
                "select id, record_id, data from _pending where not synced order by id limit " + PENDING_ROWS);
    }

    private static void requireTime(long deadline) {
        if (System.nanoTime() > deadline) {
            throw new Unfinished("the pseudo-code is too slow");
        }
    }
}
