package com.centrovision.sync.reconcile;

import com.centrovision.sync.config.Config;
import com.centrovision.sync.connection.Connection;
import com.centrovision.sync.digest.Digests;
import com.centrovision.sync.tables.DeclaredTables;
import com.centrovision.sync.tables.SyncedTable;
import com.centrovision.sync.tables.Turns;
import java.io.IOException;
import java.time.Clock;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the routes of {@code reconcile.camel.yaml} ask. Threads share it; each comparison has a state of its own. */
public final class Comparisons {
    private static final Logger LOG = LoggerFactory.getLogger(Comparisons.class);

    private final Config.Sync settings;
    private final Config.Reconcile limits;
    private final Clock clock;
    private final Connection connection;
    private final DeclaredTables declared;
    private final Digests digests;
    private final Turns turns = new Turns();

    /** @param clock in the clinic's time zone, for its nights */
    public Comparisons(Config config, Clock clock, Connection connection, DeclaredTables declared, Digests digests) {
        this.settings = config.sync();
        this.limits = config.reconcile();
        this.clock = clock;
        this.connection = connection;
        this.declared = declared;
        this.digests = digests;
    }

    /** Takes the table's turn until the exchange ends; without it (variable {@code turn}) another comparison has it. */
    public void takeTurn(@Variable("table") String table, Exchange exchange) {
        turns.take(table, exchange);
    }

    /** The last time that the nightly hour struck, as PostgreSQL reads it. */
    public String night() {
        var now = clock.instant().atZone(clock.getZone());
        var struck = now.with(LocalTime.of(limits.nightHour(), 0));
        return (struck.isAfter(now) ? struck.minusDays(1) : struck).toInstant().toString();
    }

    public int maxDeleteRows() {
        return limits.maxDeleteRows();
    }

    public int maxDeletePercent() {
        return limits.maxDeletePercent();
    }

    /** @param accepted whether a person has confirmed what would be refused; null: nobody was asked */
    public Comparison begin(@Variable("table") String table, @Variable("accepted") Boolean accepted) {
        return new Comparison(table, filter(table), Boolean.TRUE.equals(accepted), settings.pageRows());
    }

    /**
     * Has the comparison look only at rows whose digests differ, where the cloud can tell them.
     *
     * @param columns those that the cloud has
     */
    public void narrow(@Variable("comparison") Comparison comparison, @Body String columns) throws IOException {
        connection.requireOpen();
        var table = comparison.table();
        digests.differing(table, filter(table), List.of(columns.split(","))).ifPresent(comparison::narrow);
    }

    /** Rows that the feed told to be gone, to be asked about once more like those that a comparison did not find. */
    public Comparison gone(@Variable("table") String table, @Body Map<String, Object> rows) {
        var comparison = new Comparison(table, filter(table), false, settings.pageRows());
        comparison.decided(rows);
        return comparison;
    }

    /** The query of the table's exact count. */
    public String countQuery(@Variable("table") String table) {
        return "select=id" + filter(table);
    }

    /** The query of what tells, right before they are deleted, whether rows are there after all. */
    public String missingQuery(@Variable("table") String table, @Variable("ids") String ids) {
        return "select=id&order=id.asc&id=in.(" + ids + ")" + filter(table);
    }

    public void clinicKeys(@Variable("comparison") Comparison comparison, @Body Map<String, Object> page) {
        comparison.clinicKeys(page);
    }

    public void compared(@Variable("comparison") Comparison comparison, @Body Map<String, Object> outcome) {
        comparison.compared(outcome);
        var drifted = ((Number) outcome.get("drifted")).intValue();
        if (drifted > 0) {
            LOG.warn(
                    "rows differed under the same stamp table={} rows={} kept=_conflicts", comparison.table(), drifted);
        }
    }

    public void decided(@Variable("comparison") Comparison comparison, @Body Map<String, Object> outcome) {
        comparison.decided(outcome);
        if (Boolean.TRUE.equals(outcome.get("guard_is_news"))) {
            tellGuard(comparison.table(), outcome);
        }
    }

    private static void tellGuard(String table, Map<String, Object> outcome) {
        if (outcome.get("guard") == null) {
            LOG.info("guard lifted table={}", table);
        } else if (outcome.get("guard").equals("deletes")) {
            LOG.warn(
                    "deletions refused table={} rows={} confirm=\"once --accept-deletes {}\"",
                    table,
                    outcome.get("guard_rows"),
                    table);
        } else {
            LOG.warn(
                    "cloud has older versions table={} rows={} direction=down stopped until=\"once --accept-deletes {}\"",
                    table,
                    outcome.get("guard_rows"),
                    table);
        }
    }

    public void deleted(@Variable("table") String table, @Body int rows) {
        if (rows > 0) {
            LOG.info("rows deleted table={} direction=down rows={}", table, rows);
        }
    }

    private String filter(String table) {
        return declared.tables().stream()
                .filter(declaredTable -> declaredTable.name().equals(table))
                .map(SyncedTable::filter)
                .filter(filter -> !filter.isEmpty())
                .findFirst()
                .map(filter -> "&" + filter)
                .orElse("");
    }
}
