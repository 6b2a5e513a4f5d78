package com.centrovision.sync.tables;

import com.centrovision.sync.config.LogText;
import com.centrovision.sync.problem.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes up table files that were written, added or removed while the service runs. */
public final class TableReload {
    private static final Logger LOG = LoggerFactory.getLogger(TableReload.class);

    private final DeclaredTables declared;
    private final CloudTables tables;
    private final TableRoutes routes;
    private final Consumer<SyncedTable> start;
    private final Set<String> said = new HashSet<>();

    /** @param start begins the first pass of a table */
    public TableReload(DeclaredTables declared, CloudTables tables, TableRoutes routes, Consumer<SyncedTable> start) {
        this.declared = declared;
        this.tables = tables;
        this.routes = routes;
        this.start = start;
    }

    /** Called by the route {@code table-files}. */
    public void look() throws Exception {
        try {
            takeUp(declared.reread());
        } catch (UncheckedIOException unreadable) {
            if (said.add(unreadable.getMessage())) {
                LOG.warn(
                        "table files not read, all tables go on as they are problem={}",
                        unreadable.getCause().toString());
            }
        }
    }

    private void takeUp(DeclaredTables.Change change) throws Exception {
        declared.problems().forEach(problem -> {
            if (said.add(problem.getMessage())) {
                LOG.warn("table file not taken up problem={}", problem.getMessage());
            }
        });
        for (var table : change.removed()) {
            routes.remove(table.routeId());
            LOG.info("table removed table={}", table.name());
        }
        var taken = change.added().stream().filter(this::tookUp).toList();
        if (!change.added().isEmpty() || !change.removed().isEmpty()) {
            tables.install();
            refresh();
            taken.forEach(start);
        }
    }

    /** One that Camel or a route of the program's own refuses does not keep the others from their turn. */
    private boolean tookUp(SyncedTable table) {
        try {
            routes.add(table);
            LOG.info("table taken up table={}", table.name());
            return true;
        } catch (Exception refused) {
            LOG.warn(
                    "table not taken up table={} problem={}",
                    table.name(),
                    Problem.in(refused).map(Problem::getMessage).orElseGet(() -> LogText.of(refused)));
            return false;
        }
    }

    private void refresh() {
        try {
            tables.refresh();
        } catch (IOException silent) {
            LOG.info("cloud tables not learnt yet reason=silent");
        }
    }
}
