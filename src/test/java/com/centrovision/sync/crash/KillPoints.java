package com.centrovision.sync.crash;

import static com.centrovision.sync.crash.Stop.afterCommit;
import static com.centrovision.sync.crash.Stop.beforeAnswer;
import static com.centrovision.sync.crash.Stop.beforeCommit;
import static com.centrovision.sync.crash.Stop.beforeRequest;

import com.centrovision.sync.config.CloudMode;
import com.centrovision.sync.crash.Stop.Change;
import com.centrovision.sync.crash.Stop.Definition;
import com.centrovision.sync.crash.Work.Start;
import java.util.ArrayList;
import java.util.List;

/** Every boundary between the process and the two databases, in every kind of work. */
final class KillPoints {
    static final List<String> TABLES = List.of(
            "crm_pipelines",
            "crm_pipeline_stages",
            "crm_leads",
            "inventory_items",
            "inventory_movements",
            "invoices",
            "service_categories");

    /** What both sides have before anything happens, with stamps of long ago. */
    static final String COMMON_ROWS =
            """
            insert into crm_leads (id, name, phone, created_at, updated_at)
            select ('00000000-0000-0000-0000-00000000000' || i)::uuid, 'base', '1', '2024-01-01', '2024-01-01'
            from generate_series(1, 5) i;
            insert into service_categories (id, name, description, created_at, updated_at)
            values ('00000000-0000-0000-0000-000000000001', 'base', 'base', '2024-01-01', '2024-01-01');
            insert into inventory_items (id, sku, name, stock, created_at, updated_at)
            values ('00000000-0000-0000-0000-000000000001', 'base', 'base', 10, '2024-01-01', '2024-01-01')
            """;

    /** What a clinic had before it met the service: one of the cloud's rows, an older version of another, one more. */
    static final String OWN_ROWS =
            """
            insert into crm_leads (id, name, phone, created_at, updated_at) values
              ('00000000-0000-0000-0000-000000000001', 'base', '1', '2024-01-01', '2024-01-01'),
              ('00000000-0000-0000-0000-000000000002', 'otra', '1', '2023-01-01', '2023-01-01'),
              ('00000000-0000-0000-0000-000000000009', 'propia', '1', '2023-01-01', '2023-01-01')
            """;

    private static final String MANY_LEADS =
            """
            insert into crm_leads (id, name, updated_at)
            select ('00000000-0000-0000-0001-' || lpad(i::text, 12, '0'))::uuid, 'lead ' || i, now()
            from generate_series(1, 250) i
            """;

    private static final String PULL = "/rpc/sync_pull";
    private static final String PUSH = "/rpc/sync_push";
    private static final String LEADS_PAGE = "/crm_leads\\?select=\\S+limit=";
    private static final String CURRENT_LEADS = "/crm_leads\\?\\S*xmin\\S*id=in";
    private static final String CONFLICTING_LEAD = "/crm_leads\\?\\S*xmin\\S*id=eq";

    private final List<KillPoint> points = new ArrayList<>();
    private CloudMode way = CloudMode.REST;
    private boolean isThorough;

    static List<KillPoint> all() {
        var all = new KillPoints();
        all.overRest();
        all.way = CloudMode.ASSISTED;
        all.assisted();
        return all.points;
    }

    private void overRest() {
        firstLoad();
        installation();
        rowsFromBefore();
        incrementalPass();
        insert();
        refusal();
        update();
        delete();
        deleteOfWhatOthersReferTo();
        conflict();
        merge();
        editsHalfSent();
        insertsHalfSent();
        deletedInTheCloud();
    }

    private void assisted() {
        feedBegins();
        feed();
        deletionInTheFeed();
        update();
        editsHalfSent();
        circle();
        thoroughly(() -> {
            firstLoad();
            rowsFromBefore();
            insert();
            refusal();
            delete();
            conflict();
            merge();
            insertsHalfSent();
        });
    }

    private boolean isAssisted() {
        return way == CloudMode.ASSISTED;
    }

    private void point(String name, Work work, Stop stop) {
        points.add(new KillPoint(isAssisted() ? name + " (assisted)" : name, way, work, stop, isThorough));
    }

    /** Points that hardly differ from others, such as those at which nothing has happened yet: for whoever has the time. */
    private void thoroughly(Runnable more) {
        var was = isThorough;
        isThorough = true;
        more.run();
        isThorough = was;
    }

    private void commit(String name, Work work, Change change) {
        thoroughly(() -> point(name + ", rolled back", work, beforeCommit(change)));
        point(name + ", committed", work, afterCommit(change));
    }

    private void commit(String name, Work work, Definition definition) {
        thoroughly(() -> point(name + ", rolled back", work, beforeCommit(definition)));
        point(name + ", committed", work, afterCommit(definition));
    }

    private void request(String name, Work work, String method, String path, int spared) {
        thoroughly(() -> point(name + ", not sent", work, beforeRequest(method, path, spared)));
        point(name + ", answer unread", work, beforeAnswer(method, path, spared));
    }

    /** The request that sets rows: one for each over plain REST, one for all where the cloud has the optional functions. */
    private void sent(String name, Work work, String method, String table) {
        request(name, work, sending(method), sendingTo(table), 0);
    }

    /** The same after a conflict; with the functions it is found by a first request that sets nothing. */
    private void sentAgain(String name, Work work, String method, String table) {
        request(name, work, sending(method), sendingTo(table), isAssisted() ? 1 : 0);
    }

    /** Over plain REST the cloud's rows are read first. */
    private void readFirst(String name, Work work) {
        if (!isAssisted()) {
            thoroughly(() -> request(name, work, "GET", CURRENT_LEADS, 0));
        }
    }

    private String sending(String method) {
        return isAssisted() ? "POST" : method;
    }

    private String sendingTo(String table) {
        return isAssisted() ? PUSH : table;
    }

    private static Change logged(String direction, String table, int nth) {
        return new Change(
                "_sync_log",
                "insert",
                "new.direction = '%s' and new.table_name = '%s'".formatted(direction, table),
                nth);
    }

    private static Work load() {
        return Work.from(Start.INSTALLED, scene -> scene.inTheCloud(MANY_LEADS));
    }

    private static Work busyLoad() {
        return load().meanwhile(
                        scene -> scene.inTheCloud(
                                """
                        update crm_leads set name = 'cambiado' where name = 'lead 1';
                        insert into crm_leads (id, name, updated_at) values (gen_random_uuid(), 'nuevo', now());
                        update crm_leads set name = 'pasado' where id = '00000000-0000-0000-0000-000000000001'
                        """))
                .stands("(select count(*) from crm_leads where name in ('cambiado', 'nuevo', 'pasado')) = 3");
    }

    private void feedBegins() {
        commit("feed: its beginning", busyLoad(), new Change("_sync_feed", "insert", "true"));
        point("feed: its first answers, during a load", busyLoad(), beforeAnswer("POST", PULL, 1));
    }

    private void feed() {
        var edits = Work.from(
                        Start.LOADED,
                        scene -> scene.inTheCloud(
                                """
                                begin; set local session_replication_role = replica;
                                update crm_leads set name = 'sin sello' where id = '00000000-0000-0000-0000-000000000001';
                                update crm_leads set name = 'nube', updated_at = now() where id = '00000000-0000-0000-0000-000000000002';
                                update service_categories set name = 'sin sello';
                                commit
                                """))
                .meanwhile(scene -> scene.inTheCloud(
                        "update crm_leads set name = 'después' where id = '00000000-0000-0000-0000-000000000002'"))
                .stands("(select count(*) from crm_leads where name in ('sin sello', 'después')) = 2")
                .withoutComparison();
        request("feed: rows", edits, "POST", PULL, 0);
        commit("feed: first of two tables", edits, logged("DOWN", "crm_leads", 1));
        thoroughly(() -> commit("feed: second of two tables", edits, logged("DOWN", "service_categories", 1)));
        var cursor = new Change("_sync_feed", "update", "true");
        point("feed: cursor, rolled back", edits, beforeCommit(cursor));
        thoroughly(() -> point("feed: cursor, committed", edits, afterCommit(cursor)));
    }

    private void deletionInTheFeed() {
        var deleted = Work.from(
                        Start.LOADED,
                        scene -> scene.inTheCloud(
                                "delete from crm_leads where id = '00000000-0000-0000-0000-000000000002'"))
                .stands("(select count(*) from crm_leads) = 4")
                .withoutComparison();
        var done = logged("DOWN", "crm_leads", 1);
        thoroughly(() -> request("feed: asked again", deleted, "GET", "/crm_leads\\?select=id&", 0));
        thoroughly(() -> commit("feed: row noted as gone", deleted, new Change("_sync_suspect", "insert", "true")));
        point("feed: deletion, rolled back", deleted, beforeCommit(done));
        thoroughly(() -> point("feed: deletion, committed", deleted, afterCommit(done)));
    }

    /** Two rows that exchanged a unique value in one step. */
    private void circle() {
        var rows =
                """
                insert into crm_pipelines (id, name, created_at, updated_at) values
                  ('00000000-0000-0000-0000-00000000000a', 'a', '2024-01-01', '2024-01-01'),
                  ('00000000-0000-0000-0000-00000000000b', 'b', '2024-01-01', '2024-01-01')
                """;
        var circle = Work.from(Start.LOADED, scene -> {
                    scene.inTheCloud("alter table crm_pipelines drop constraint if exists una, "
                            + "add constraint una unique (name) deferrable; " + rows);
                    scene.inTheClinic("alter table crm_pipelines add constraint una unique (name) deferrable");
                    scene.inTheClinic("begin; set local session_replication_role = replica; " + rows + "; commit");
                    scene.inTheClinic("update crm_pipelines set name = case name when 'a' then 'b' else 'a' end");
                })
                .effects("UPDATE crm_pipelines", "UPDATE crm_pipelines")
                .stands("(select string_agg(name, '' order by id) from crm_pipelines) = 'ba'");
        var confirmed = logged("UP", "crm_pipelines", 1);
        thoroughly(() -> request("circle: current rows", circle, "GET", "/crm_pipelines\\?\\S*xmin\\S*id=in", 1));
        thoroughly(() -> request("circle: sent", circle, "POST", PUSH, 1));
        point("circle: confirmation, rolled back", circle, beforeCommit(confirmed));
        thoroughly(() -> point("circle: confirmation, committed", circle, afterCommit(confirmed)));
    }

    private void firstLoad() {
        var load = load();
        var busyLoad = busyLoad();
        thoroughly(() -> request("first load: first page", busyLoad, "GET", LEADS_PAGE, 0));
        thoroughly(() -> request("first load: second page", busyLoad, "GET", LEADS_PAGE, 1));
        request("first load: last page", busyLoad, "GET", LEADS_PAGE, 2);
        commit("first load: first chunk", load, logged("DOWN", "crm_leads", 1));
        thoroughly(() -> commit("first load: second chunk", load, logged("DOWN", "crm_leads", 2)));
        commit(
                "first load: end",
                load,
                new Change(
                        "_sync_metadata",
                        "update",
                        "old.loaded_at is null and new.loaded_at is not null and new.table_name = 'crm_leads'"));
    }

    private void installation() {
        var install = meeting(Work.from(Start.BARE, scene -> scene.inTheClinic(OWN_ROWS)));
        point("init: control tables", install, beforeCommit(new Definition("CREATE TABLE", 4)));
        thoroughly(() -> point("init: functions", install, beforeCommit(new Definition("CREATE FUNCTION", 12))));
        commit("init: triggers and marks of the third table", install, new Definition("CREATE TRIGGER", 6));
    }

    private void rowsFromBefore() {
        var meeting = meeting(Work.from(Start.MARKED, scene -> {}));
        thoroughly(() -> commit("rows from before: chunk", meeting, logged("DOWN", "crm_leads", 1)));
        request("rows from before: sent", meeting, "POST", "/crm_leads", 0);
        thoroughly(() -> commit("rows from before: conflict", meeting, new Change("_conflicts", "insert", "true")));
    }

    private static Work meeting(Work work) {
        return work.effects("INSERT crm_leads")
                .oneConflict()
                .stands("(select count(*) from crm_leads where name = 'base') = 5 and "
                        + "exists (select from crm_leads where name = 'propia')");
    }

    private void incrementalPass() {
        var edits = Work.from(
                        Start.LOADED,
                        scene -> scene.inTheCloud(
                                """
                                update crm_leads set name = 'nube' where phone = '1';
                                insert into crm_leads (name, updated_at) values ('nuevo', now())
                                """))
                .stands("(select count(*) from crm_leads where name in ('nube', 'nuevo')) = 6");
        request("incremental pass: rows", edits, "GET", LEADS_PAGE, 0);
        thoroughly(() -> commit("incremental pass: chunk", edits, logged("DOWN", "crm_leads", 1)));
        thoroughly(() -> commit(
                "incremental pass: end",
                edits,
                new Change(
                        "_sync_metadata",
                        "update",
                        "new.last_sync_from_supabase is distinct from old.last_sync_from_supabase"
                                + " and new.table_name = 'crm_leads'")));

        var import250 = Work.from(Start.LOADED, scene -> scene.inTheCloud(MANY_LEADS))
                .meanwhile(scene -> scene.inTheCloud("update crm_leads set name = 'después' where name = 'lead 7'"))
                .stands("exists (select from crm_leads where name = 'después')");
        request("incremental pass: keys", import250, "GET", "/crm_leads\\?select=id,updated_at&", 0);

        var heldRow = Work.from(Start.LOADED, scene -> {
                    scene.programHolds("select from crm_leads where name = 'base' for update");
                    scene.inTheCloud("update crm_leads set name = 'nube' where phone = '1'");
                })
                .meanwhile(Scene::programsLetGo);
        request("incremental pass: visit", heldRow, "GET", "/crm_leads\\?\\S*limit=\\S*id=in", 0);
    }

    private void insert() {
        var sale = Work.from(
                        Start.LOADED,
                        scene -> scene.inTheClinic(
                                """
                                insert into crm_pipelines (id, name) values ('00000000-0000-0000-0000-00000000000a', 'padre');
                                insert into crm_pipeline_stages (pipeline_id, name, position) values
                                  ('00000000-0000-0000-0000-00000000000a', 'hijo', 1),
                                  ('00000000-0000-0000-0000-00000000000a', 'hija', 2);
                                insert into inventory_movements (item_id, kind, quantity)
                                values ('00000000-0000-0000-0000-000000000001', 'venta', -3);
                                insert into invoices (total) values (700)
                                """))
                .effects(
                        "INSERT crm_pipeline_stages",
                        "INSERT crm_pipeline_stages",
                        "INSERT crm_pipelines",
                        "INSERT inventory_movements",
                        "INSERT invoices",
                        "UPDATE inventory_items")
                .stands("(select stock from inventory_items) = 7 and "
                        + "(select count(*) from invoices where invoice_number is not null) = 1");
        request("insert: parent", sale, "POST", "/crm_pipelines", 0);
        commit("insert: confirmation of the parent", sale, logged("UP", "crm_pipelines", 1));
        thoroughly(() -> request("insert: children", sale, "POST", "/crm_pipeline_stages", 0));
        point("insert: stock, answer unread", sale, beforeAnswer("POST", "/inventory_movements"));
        thoroughly(() -> point("insert: invoice, answer unread", sale, beforeAnswer("POST", "/invoices")));
        thoroughly(() -> commit("insert: confirmation of the invoice", sale, logged("UP", "invoices", 1)));
    }

    private void refusal() {
        var refused = Work.from(Start.LOADED, scene -> {
                    scene.inTheCloud("alter table crm_pipelines add constraint corto check (length(name) < 40)");
                    scene.inTheClinic(
                            """
                            insert into crm_pipelines (name)
                            select case i when 7 then repeat('largo', 20) else 'bien ' || i end
                            from generate_series(1, 7) i
                            """);
                })
                .remedy(scene -> scene.inTheCloud("alter table crm_pipelines drop constraint corto"))
                .effects("INSERT crm_pipelines,".repeat(7).split(","));
        thoroughly(() -> commit(
                "refusal: chunk halved",
                refused,
                new Change("_sync_pending", "update", "new.chunk_limit is distinct from old.chunk_limit")));
        thoroughly(() -> request("refusal: first half", refused, "POST", "/crm_pipelines", 1));
        thoroughly(() -> commit(
                "refusal: noted", refused, new Change("_sync_pending", "update", "new.retry_count > old.retry_count")));
        commit("refusal: quarantine", refused, new Change("_sync_quarantine", "insert", "true"));
    }

    private void update() {
        var update = Work.from(
                        Start.LOADED,
                        scene -> scene.inTheClinic(
                                "update crm_leads set name = 'clínica' where id = '00000000-0000-0000-0000-000000000001'"))
                .effects("UPDATE crm_leads")
                .stands("(select count(*) from crm_leads where name = 'clínica') = 1");
        readFirst("update: current row", update);
        sent("update: sent", update, "PATCH", "/crm_leads");
        thoroughly(() -> commit("update: confirmation", update, logged("UP", "crm_leads", 1)));
    }

    private void delete() {
        var delete = Work.from(
                        Start.LOADED,
                        scene -> scene.inTheClinic(
                                "delete from crm_leads where id = '00000000-0000-0000-0000-000000000002'"))
                .effects("DELETE crm_leads")
                .stands("(select count(*) from crm_leads) = 4");
        readFirst("delete: current row", delete);
        thoroughly(() -> sent("delete: sent", delete, "DELETE", "/crm_leads"));
        thoroughly(() -> commit("delete: confirmation", delete, logged("UP", "crm_leads", 1)));
    }

    /** A child goes with its parent; another parent, to which the cloud has added a child, comes back. */
    private void deleteOfWhatOthersReferTo() {
        var rows =
                """
                insert into crm_pipelines (id, name, created_at, updated_at) values
                  ('00000000-0000-0000-0000-00000000000a', 'va', '2024-01-01', '2024-01-01'),
                  ('00000000-0000-0000-0000-00000000000b', 'vuelve', '2024-01-01', '2024-01-01');
                insert into crm_pipeline_stages (id, pipeline_id, name, position, created_at, updated_at) values
                  ('00000000-0000-0000-0000-00000000000a', '00000000-0000-0000-0000-00000000000a', 'a', 1, '2024-01-01', '2024-01-01')
                """;
        var deletes = Work.from(Start.LOADED, scene -> {
                    scene.inTheCloud(rows);
                    scene.inTheClinic("begin; set local session_replication_role = replica; " + rows + "; commit");
                    scene.inTheCloud("insert into crm_pipeline_stages (pipeline_id, name, position, updated_at)"
                            + " values ('00000000-0000-0000-0000-00000000000b', 'de la nube', 1, now())");
                    scene.inTheClinic("delete from crm_pipelines");
                })
                .effects("DELETE crm_pipeline_stages", "DELETE crm_pipelines")
                .oneConflict()
                .stands("(select string_agg(p.name || s.name, '') from crm_pipelines p"
                        + " join crm_pipeline_stages s on s.pipeline_id = p.id) = 'vuelvede la nube'"
                        + " and (select count(*) from crm_pipelines) = 1");
        thoroughly(() -> request(
                "delete: what refers to it",
                deletes,
                "GET",
                "/crm_pipeline_stages\\?select=id,parent:pipeline_id&",
                0));
        thoroughly(() -> request("delete: of one that others refer to", deletes, "DELETE", "/crm_pipelines", 0));
        commit("delete: one that comes back", deletes, new Change("_conflicts", "insert", "true"));
    }

    private void conflict() {
        var clinicWins = Work.from(Start.LOADED, scene -> {
                    scene.inTheCloud("update crm_leads set name = 'nube' where name = 'base'"
                            + " and id = '00000000-0000-0000-0000-000000000001'");
                    scene.inTheClinic("update crm_leads set name = 'clínica', phone = '2'"
                            + " where id = '00000000-0000-0000-0000-000000000001'");
                })
                .oneConflict()
                .effects("UPDATE crm_leads")
                .stands("(select count(*) from crm_leads where name = 'clínica') = 1");
        thoroughly(() -> point("conflict: current row, answer unread", clinicWins, beforeAnswer("GET", CURRENT_LEADS)));
        request("conflict: read again", clinicWins, "GET", CONFLICTING_LEAD, 0);
        commit("conflict: decision", clinicWins, new Change("_conflicts", "insert", "true"));
        sentAgain("conflict: winner", clinicWins, "PATCH", "/crm_leads");
        thoroughly(() -> commit("conflict: confirmation of the winner", clinicWins, logged("UP", "crm_leads", 1)));

        var cloudWins = Work.from(Start.LOADED, scene -> {
                    scene.inTheClinic("delete from crm_leads where id = '00000000-0000-0000-0000-000000000001'");
                    scene.inTheCloud("update crm_leads set name = 'nube'"
                            + " where id = '00000000-0000-0000-0000-000000000001'");
                })
                .oneConflict()
                .stands("(select count(*) from crm_leads where name = 'nube') = 1");
        thoroughly(() ->
                commit("conflict: decision for the cloud", cloudWins, new Change("_conflicts", "insert", "true")));
    }

    private void merge() {
        var merge = Work.from(Start.LOADED, scene -> {
                    scene.inTheCloud("update service_categories set name = 'nube'");
                    scene.inTheClinic("update service_categories set description = 'clínica'");
                })
                .oneConflict()
                .effects("UPDATE service_categories")
                .stands("(select name || description from service_categories) = 'nubeclínica'");
        thoroughly(() -> commit("merge: decision", merge, new Change("_conflicts", "insert", "true")));
        thoroughly(() -> sentAgain("merge: sent", merge, "PATCH", "/service_categories"));
    }

    private void deletedInTheCloud() {
        var deleted = Work.from(Start.LOADED, scene -> {
                    scene.inTheCloud("delete from crm_leads where id = '00000000-0000-0000-0000-000000000002'");
                    scene.inTheClinic("insert into _sync_request (kind) values ('full-pass')");
                })
                .stands("(select count(*) from crm_leads) = 4");
        request("comparison: keys", deleted, "GET", "/crm_leads\\?select=id,updated_at,xmin", 0);
        thoroughly(() -> commit("comparison: findings", deleted, new Change("_sync_suspect", "insert", "true")));
        thoroughly(() -> request("comparison: asked again", deleted, "GET", "/crm_leads\\?select=id&", 0));
        commit("comparison: deletion", deleted, logged("DOWN", "crm_leads", 1));
    }

    private void editsHalfSent() {
        var edits = Work.from(
                        Start.LOADED,
                        scene -> scene.inTheClinic(
                                """
                                update crm_leads set name = 'uno' where id = '00000000-0000-0000-0000-000000000001';
                                update crm_leads set phone = '2' where id = '00000000-0000-0000-0000-000000000001'
                                """))
                .meanwhile(scene -> scene.inTheClinic(
                        "update crm_leads set source = 'tres' where id = '00000000-0000-0000-0000-000000000001'"))
                .stands("(select count(*) from crm_leads where name || phone || source = 'uno2tres') = 1");
        thoroughly(() -> point(
                "edits of one row: none sent",
                edits.effects("UPDATE crm_leads"),
                beforeRequest(sending("PATCH"), sendingTo("/crm_leads"))));
        point(
                "edits of one row: half sent",
                edits.effects("UPDATE crm_leads", "UPDATE crm_leads"),
                beforeAnswer(sending("PATCH"), sendingTo("/crm_leads")));
    }

    private void insertsHalfSent() {
        var visit = Work.from(Start.LOADED, scene -> scene.inTheClinic("insert into invoices (total) values (1)"));
        point(
                "edits of one row: insert sent, then edited",
                visit.meanwhile(scene -> scene.inTheClinic("update invoices set total = 2"))
                        .effects("INSERT invoices", "UPDATE invoices")
                        .stands("(select count(*) from invoices where total = 2 and invoice_number is not null) = 1"),
                beforeAnswer("POST", "/invoices"));
        point(
                "edits of one row: insert sent, then deleted",
                visit.meanwhile(scene -> scene.inTheClinic("delete from invoices"))
                        .effects("DELETE invoices", "INSERT invoices")
                        .stands("not exists (select from invoices)"),
                beforeAnswer("POST", "/invoices"));
        point(
                "edits of one row: insert not sent, then deleted",
                visit.meanwhile(scene -> scene.inTheClinic("delete from invoices"))
                        .stands("not exists (select from invoices)"),
                beforeRequest("POST", "/invoices"));
    }
}
