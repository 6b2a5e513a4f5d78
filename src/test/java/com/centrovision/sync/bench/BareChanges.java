package com.centrovision.sync.bench;

import static java.util.stream.Collectors.joining;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Limits of writing into the cloud: the same requests as the service's, with nothing before, between or after them. They
 * are made twice, and the second time counts, as the service's.
 */
final class BareChanges {
    private static final Pattern ROW = Pattern.compile("\\{\"id\":\"");
    private static final Pattern DONE = Pattern.compile("\"outcome\" ?: ?\"done\"");
    private static final int PARCEL = 1000;
    private static final int PARCEL_CONNECTIONS = 4;

    private final Stand stand;
    private final Duration patience;

    BareChanges(Stand stand, Duration patience) {
        this.stand = stand;
        this.patience = patience;
    }

    /** New patients like those that there are, in bulk; returns the rate. */
    double inserts(int rows) throws Exception {
        insertRate(rows);
        return insertRate(rows);
    }

    private double insertRate(int rows) throws Exception {
        var bodies = stand.lab()
                .cloud()
                .query(
                        """
                        select json_agg(row)::text as body
                        from (
                          select
                            to_jsonb(p) - 'full_name' || jsonb_build_object('id', gen_random_uuid()) as row,
                            (row_number() over () - 1) / %d as parcel
                          from (select * from patients limit %d) p) r
                        group by parcel
                        """
                                .formatted(PARCEL, rows));
        return rate(
                PARCEL_CONNECTIONS,
                bodies,
                ROW,
                (client, body) -> client.post(
                        "patients", body.get("body").toString(), "resolution=ignore-duplicates,return=representation"));
    }

    /** One conditional request for each change. */
    double patches(int changes, int connections) throws Exception {
        patchRate(changes, connections);
        return patchRate(changes, connections);
    }

    private double patchRate(int changes, int connections) throws Exception {
        var versions = stand.lab()
                .cloud()
                .query("select id::text, xmin::text as version from patients order by random() limit " + changes);
        return rate(
                connections,
                versions,
                ROW,
                (client, row) -> client.patch(
                        "patients?id=eq." + row.get("id") + "&xmin=eq." + row.get("version"),
                        "{\"notes\":\"" + row.get("version") + "\"}"));
    }

    /** A thousand changes in each call of the optional function, each with the digest of the row that it was made on. */
    double pushes(int changes) throws Exception {
        pushRate(changes);
        return pushRate(changes);
    }

    private double pushRate(int changes) throws Exception {
        var columns = Stream.of(
                        Columns.of(stand.lab().cloud(), "patients").names().split(", "))
                .filter(name -> !name.equals("updated_at"))
                .collect(joining(",", "{", "}"));
        var digest = stand.lab()
                .cloud()
                .query("select centrovision_sync.digest_of('patients', '%s') as expression".formatted(columns))
                .get(0)
                .get("expression");
        var bodies = stand.lab()
                .cloud()
                .query(
                        """
                        select json_build_object('p_columns', '%s'::text[], 'p_changes', json_agg(change))::text as body
                        from (
                          select
                            json_build_object('table', 'patients', 'operation', 'UPDATE', 'id', t.id, 'digest', t.digest,
                              'row', json_build_object('notes', t.digest, 'updated_at', now())) as change,
                            (row_number() over () - 1) / %d as parcel
                          from (select t.id, %s as digest from patients t order by random() limit %d) t) r
                        group by parcel
                        """
                                .formatted(columns, PARCEL, digest, changes));
        return rate(
                PARCEL_CONNECTIONS,
                bodies,
                DONE,
                (client, body) -> client.post("rpc/sync_push", body.get("body").toString(), ""));
    }

    private interface Request {
        BareClient.Answer send(BareClient client, Map<String, Object> row) throws Exception;
    }

    /** @param change what stands in an answer once for each change that was made: others don't count */
    private double rate(int connections, List<Map<String, Object>> requests, Pattern change, Request request)
            throws Exception {
        Queue<Map<String, Object>> left = new ConcurrentLinkedQueue<>(requests);
        var watch = new Stopwatch();
        var made = Workers.run(connections, patience, worker -> () -> {
            var client = stand.bareClient(true);
            long done = 0;
            for (var next = left.poll(); next != null; next = left.poll()) {
                done += change.matcher(request.send(client, next).text())
                        .results()
                        .count();
            }
            return done;
        });
        return made / watch.seconds();
    }
}
