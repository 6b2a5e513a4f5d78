package com.centrovision.sync.model;

import com.centrovision.sync.demo.LabDatabase;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What programs of both sides wrote, and what they saw when they wrote it; at the end it tells which of their writes are
 * unaccounted for. A write is accounted for where its token stands, or lies in {@code _conflicts} or
 * {@code _sync_quarantine}, or was replaced by somebody who saw it.
 */
final class Ledger implements AutoCloseable {
    private final LabDatabase cloud;
    private final LabDatabase clinic;

    private record Row(String table, String id) {}

    /** @param before the row's token that the write saw, or "" where it saw no row; {@code after} is "" for a delete */
    private record Write(Row row, String side, String before, String after, int step) {
        boolean isDelete() {
            return after.isEmpty();
        }

        @Override
        public String toString() {
            return "%s %d '%s' -> '%s'".formatted(side, step, before, after);
        }
    }

    Ledger(LabDatabase cloud, LabDatabase clinic) {
        this.cloud = cloud;
        this.clinic = clinic;
        sides().forEach(Ledger::watch);
    }

    private List<LabDatabase> sides() {
        return List.of(cloud, clinic);
    }

    /** In the clinic the trigger sleeps while the service writes; in the cloud the service is known by its session. */
    private static void watch(LabDatabase side) {
        side.execute(
                """
                drop schema if exists model cascade;
                create schema model;
                create table model.seen (
                  table_name text, row_id uuid, before text, after text, step integer);
                create function model.see() returns trigger language plpgsql security definer as $$
                declare
                  v_before text := '';
                  v_after text := '';
                begin
                  if tg_op <> 'INSERT' then
                    v_before := to_jsonb(old) ->> tg_argv[0];
                  end if;
                  if tg_op <> 'DELETE' then
                    v_after := to_jsonb(new) ->> tg_argv[0];
                  end if;
                  if session_user <> 'authenticator' then
                    insert into model.seen
                    values (tg_table_name, coalesce(new.id, old.id), v_before, v_after,
                      coalesce(nullif(current_setting('model.step', true), ''), '-1')::integer);
                  end if;
                  return null;
                end
                $$
                """);
        for (var table : ModelTable.values()) {
            side.execute("create trigger zz_see after insert or update or delete on " + table.table()
                    + " for each row execute function model.see('" + table.token() + "')");
        }
    }

    /** Rows that one side refuses now: known, kept with their reason, and not equal. */
    Set<String> quarantinedTables() {
        var tables = new HashSet<String>();
        clinic.query("select table_name from _sync_quarantine")
                .forEach(row -> tables.add(row.get("table_name").toString()));
        return tables;
    }

    /** Changes that wait though the cloud does not refuse them. */
    List<Map<String, Object>> waiting() {
        return clinic.query(
                """
                select p.id, p.table_name, p.record_id, p.operation, p.retry_count, p.singly, p.conflict_id, p.waits_table,
                  p.waits_id, p.next_attempt_at, p.error
                from _sync_pending p
                where not p.synced
                  and not exists (
                    select
                    from _sync_quarantine q
                    where q.table_name = p.table_name
                      and q.record_id = p.record_id
                  )
                order by p.id
                """);
    }

    /** Rows that differ between both sides and are not in the quarantine. */
    Set<String> different() {
        var different = new TreeSet<String>();
        for (var table : ModelTable.values()) {
            var theirs = rows(cloud, table);
            var ours = rows(clinic, table);
            var ids = new HashSet<>(theirs.keySet());
            ids.addAll(ours.keySet());
            clinic.query("select record_id::text as id from _sync_quarantine where table_name = ?", table.table())
                    .forEach(row -> ids.remove(row.get("id").toString()));
            ids.stream()
                    .filter(id -> !theirs.getOrDefault(id, "").equals(ours.getOrDefault(id, "")))
                    .forEach(id -> different.add(
                            "%s %s: cloud %s, clinic %s".formatted(table.table(), id, theirs.get(id), ours.get(id))));
        }
        return different;
    }

    private static Map<String, String> rows(LabDatabase side, ModelTable table) {
        var rows = new HashMap<String, String>();
        side.query("select id::text, t::text as row from " + table.table() + " t")
                .forEach(
                        row -> rows.put(row.get("id").toString(), row.get("row").toString()));
        return rows;
    }

    Set<String> unaccounted() {
        var writes = writes();
        var standing = standing();
        var kept = kept();
        var unaccounted = new TreeSet<String>();
        for (var write : writes) {
            if (write.isDelete()
                    ? !isAccounted(write, writes, standing, kept)
                    : !isAccounted(write.row(), write.after(), writes, standing, kept)) {
                unaccounted.add("%s in %s; %s"
                        .formatted(
                                write,
                                writes.stream()
                                        .filter(other -> other.row().equals(write.row()))
                                        .sorted(Comparator.comparing(Write::step))
                                        .map(Write::toString)
                                        .toList(),
                                evidence(write.row())));
            }
        }
        return unaccounted;
    }

    private static boolean isAccounted(
            Row row, String token, List<Write> writes, Map<Row, String> standing, Map<Row, Set<String>> kept) {
        return token.equals(standing.get(row))
                || kept.getOrDefault(row, Set.of()).contains(token)
                || writes.stream()
                        .anyMatch(write ->
                                write.row().equals(row) && write.before().equals(token));
    }

    /**
     * A delete stands, or lost against a change that did not see it, or the row that stands is not the one it deleted, or
     * its own side made the row anew.
     */
    private static boolean isAccounted(
            Write delete, List<Write> writes, Map<Row, String> standing, Map<Row, Set<String>> kept) {
        return !standing.containsKey(delete.row())
                || kept.getOrDefault(delete.row(), Set.of()).contains("")
                || !history(delete.row(), standing.get(delete.row()), writes).contains(delete.before())
                || isMadeAnew(delete, writes)
                || isOfAnInsertOfTheClinic(delete, writes);
    }

    private static boolean isMadeAnew(Write delete, List<Write> writes) {
        return writes.stream()
                .anyMatch(write -> write.row().equals(delete.row())
                        && write.side().equals(delete.side())
                        && write.before().isEmpty()
                        && write.step() > delete.step());
    }

    /**
     * A known limit: an insert, with what the clinic changed in it before it went up, whose answer was lost is sent again,
     * though the cloud may have deleted the row since.
     */
    private static boolean isOfAnInsertOfTheClinic(Write delete, List<Write> writes) {
        var history = history(delete.row(), delete.before(), writes);
        var written = writes.stream()
                .filter(write -> write.row().equals(delete.row()) && history.contains(write.after()))
                .toList();
        return delete.side().equals("cloud")
                && written.stream().allMatch(write -> write.side().equals("clinic"))
                && written.stream().anyMatch(write -> write.before().isEmpty());
    }

    /** A token and those before it that the writes saw which led to it, back to the insert. */
    private static Set<String> history(Row row, String token, List<Write> writes) {
        var history = new HashSet<String>();
        var next = Set.of(token);
        while (history.addAll(next)) {
            next = writes.stream()
                    .filter(write -> write.row().equals(row) && history.contains(write.after()))
                    .map(Write::before)
                    .filter(before -> !before.isEmpty())
                    .collect(Collectors.toSet());
        }
        return history;
    }

    private List<Write> writes() {
        var writes = new ArrayList<Write>();
        for (var side : sides()) {
            side.query("select table_name, row_id::text, before, after, step from model.seen")
                    .forEach(row -> writes.add(new Write(
                            new Row(
                                    row.get("table_name").toString(),
                                    row.get("row_id").toString()),
                            side == cloud ? "cloud" : "clinic",
                            String.valueOf(row.get("before")),
                            String.valueOf(row.get("after")),
                            (Integer) row.get("step"))));
        }
        return writes;
    }

    private Map<Row, String> standing() {
        var standing = new HashMap<Row, String>();
        for (var table : ModelTable.values()) {
            cloud.query("select id::text, " + table.token() + " as token from " + table.table())
                    .forEach(row -> standing.put(
                            new Row(table.table(), row.get("id").toString()), String.valueOf(row.get("token"))));
        }
        return standing;
    }

    /** The tokens of the versions that the clinic's control tables keep; "" is a version that is a delete. */
    private Map<Row, Set<String>> kept() {
        var kept = new HashMap<Row, Set<String>>();
        for (var table : ModelTable.values()) {
            clinic.query(
                            """
                            select record_id::text, coalesce(data ->> '%2$s', '') as token
                            from (
                              select record_id, local_data as data from _conflicts where table_name = '%1$s'
                              union all
                              select record_id, remote_data from _conflicts where table_name = '%1$s'
                              union all
                              select record_id, data from _sync_quarantine where table_name = '%1$s'
                              union all
                              select p.record_id, case when p.operation <> 'DELETE' then p.data end
                              from _sync_pending p
                              join _sync_quarantine q on q.table_name = p.table_name and q.record_id = p.record_id
                              where p.table_name = '%1$s' and not p.synced
                            ) k
                            """
                                    .formatted(table.table(), table.token()))
                    .forEach(row -> kept.computeIfAbsent(
                                    new Row(table.table(), row.get("record_id").toString()), key -> new HashSet<>())
                            .add(row.get("token").toString()));
        }
        return kept;
    }

    /** What both sides and the control tables hold of a row, to see from a failure alone how it came to it. */
    private List<String> evidence(Row row) {
        var evidence = new ArrayList<String>();
        evidence.add(row.toString());
        for (var side : sides()) {
            evidence.add((side == cloud ? "cloud: " : "clinic: ")
                    + side.query(
                            "select to_jsonb(t)::text as row from " + row.table() + " t where id = ?::uuid", row.id()));
        }
        for (var table : List.of("_sync_pending", "_sync_quarantine", "_conflicts")) {
            evidence.add(table + ": "
                    + clinic.query(
                            "select to_jsonb(t)::text as row from " + table
                                    + " t where table_name = ? and record_id = ?::uuid",
                            row.table(),
                            row.id()));
        }
        return evidence;
    }

    @Override
    public void close() {
        cloud.execute("drop schema model cascade");
    }
}
