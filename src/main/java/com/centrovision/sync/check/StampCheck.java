package com.centrovision.sync.check;

import com.centrovision.sync.cloud.CloudApi;
import com.centrovision.sync.cloud.CloudFunctions;
import com.centrovision.sync.cloud.CloudProbe;
import com.centrovision.sync.config.CloudMode;
import com.centrovision.sync.problem.Text;
import com.centrovision.sync.tables.SyncedTable;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether {@code updated_at} moves at every change of the table in the cloud, and is indexed. The optional functions know;
 * PostgREST shows neither triggers nor indexes, so that without them rows are looked at and times measured.
 *
 * @param tellsCreation whether the table has a column {@code created_at}
 */
record StampCheck(CloudMode mode, CloudApi cloud, CloudProbe probe, SyncedTable table, boolean tellsCreation)
        implements Check {
    private static final int LOOKED_AT = 1000;
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public List<Finding> findings() throws IOException {
        var known = known();
        if (known.isMissingNode()) {
            var findings = new ArrayList<>(moves());
            findings.addAll(new IndexCheck(probe, cloud, List.of(table)).findings());
            return findings;
        }
        return List.of(
                known.path("stamped").asBoolean()
                        ? Finding.fine(Text.of("table.add.stamped", table.name()))
                        : Finding.wrong(Text.of("table.add.not-stamped", table.name()), trigger()),
                known.path("indexed").asBoolean()
                        ? Finding.fine(Text.of("table.add.indexed", table.name()))
                        : Finding.notice(Text.of("table.add.not-indexed", table.name()), index()));
    }

    private JsonNode known() throws IOException {
        var none = JSON.createObjectNode().path("none");
        if (mode == CloudMode.REST) {
            return none;
        }
        for (var candidate : new CloudFunctions(mode, cloud).info().path("tables")) {
            if (candidate.path("name").asText().equals(table.name())) {
                return candidate;
            }
        }
        return none;
    }

    /** A row that was changed after it was made is no proof of a trigger, but none at all is a reason to look. */
    private List<Finding> moves() throws IOException {
        var rows = 0;
        if (tellsCreation) {
            for (var row : JSON.readTree(cloud.rows(table.name(), "select=created_at,updated_at&limit=" + LOOKED_AT))) {
                rows++;
                if (!row.path("created_at").equals(row.path("updated_at"))) {
                    return List.of(Finding.fine(Text.of("table.add.moves", table.name())));
                }
            }
        }
        return List.of(Finding.notice(Text.of("table.add.never-moved", table.name(), rows), trigger()));
    }

    private String[] trigger() {
        return new String[] {
            "create or replace function public.centrovision_stamp() returns trigger language plpgsql"
                    + " as $$ begin new.updated_at := clock_timestamp(); return new; end $$;",
            "create or replace trigger centrovision_stamp before update on public.%s".formatted(table.name())
                    + " for each row execute function public.centrovision_stamp();"
        };
    }

    private String index() {
        return "create index concurrently if not exists %1$s_updated_at_id_idx on public.%1$s (updated_at, id);"
                .formatted(table.name());
    }
}
