package com.centrovision.sync.tables;

import com.centrovision.sync.clinic.MirroredCloud;
import com.centrovision.sync.cloud.CloudApi;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The declared tables as both sides have them: writes into {@code _sync_metadata} which are synced and which columns
 * the cloud has, installs the triggers, and says once what is missing. Threads share it.
 */
public final class CloudTables {
    private static final Logger LOG = LoggerFactory.getLogger(CloudTables.class);

    private final JdbcTemplate clinic;
    private final CloudApi cloud;
    private final DeclaredTables declared;
    private final MirroredCloud mirrored;
    private final Set<String> said = new HashSet<>();
    private boolean known;

    public CloudTables(JdbcTemplate clinic, CloudApi cloud, DeclaredTables declared, MirroredCloud mirrored) {
        this.clinic = clinic;
        this.cloud = cloud;
        this.declared = declared;
        this.mirrored = mirrored;
    }

    /** Declares the tables and installs the triggers of those that the clinic has. */
    public synchronized void install() {
        known = false;
        clinic.update(
                "update _sync_metadata set active = false where active and table_name <> all (string_to_array(?, ','))",
                declared.tables().stream().map(SyncedTable::name).collect(Collectors.joining(",")));
        for (var table : declared.tables()) {
            clinic.queryForObject(
                    "select sync_declare_table(?, ?, ?, ?, string_to_array(?, ','))",
                    String.class,
                    table.name(),
                    table.direction(),
                    table.conflicts(),
                    table.filter(),
                    String.join(",", table.derivedColumns()));
            installTriggers(table.name());
        }
    }

    private void installTriggers(String table) {
        var unfit = clinic.queryForObject("select sync_unfit(?)", String.class, table);
        if (unfit != null) {
            sayOnce("table left out table={} side=clinic reason={}", table, unfit);
        } else if (Boolean.TRUE.equals(clinic.queryForObject("select sync_install_table(?)", Boolean.class, table))) {
            sayInstalled(table);
        }
    }

    /** Edits made while a known table had no triggers were not captured: somebody should know. */
    private void sayInstalled(String table) {
        if (Boolean.TRUE.equals(clinic.queryForObject(
                "select load_started_at is not null from _sync_metadata where table_name = ?", Boolean.class, table))) {
            LOG.warn("triggers were missing and are installed again table={}", table);
        } else {
            LOG.info("triggers installed table={}", table);
        }
    }

    /** Learns the cloud's columns; a table is synced from when both sides are known to have it. */
    public synchronized void refresh() throws IOException {
        var columns = cloud.columns();
        mirrored.requireConfigured();
        for (var table : declared.tables()) {
            var theirs = columns.getOrDefault(table.name(), Set.of());
            if (!theirs.containsAll(Set.of("id", "updated_at"))) {
                sayOnce(
                        "table left out table={} side=cloud reason={}",
                        table.name(),
                        theirs.isEmpty() ? "missing" : "without id or updated_at");
            } else {
                sayDrift(table.name(), theirs);
            }
        }
        learn(columns);
        if (declared.tables().stream().anyMatch(table -> columns.containsKey(table.name()))) {
            mirrored.remember();
        }
        known = true;
    }

    /** A table to ask the cloud about. */
    public String any() {
        return declared.tables().stream().findFirst().map(SyncedTable::name).orElse("patients");
    }

    public synchronized void refreshIfUnknown() throws IOException {
        if (!known) {
            refresh();
        }
    }

    private void learn(Map<String, Set<String>> columns) {
        for (var table : declared.tables()) {
            installTriggers(table.name());
            clinic.queryForObject(
                    "select sync_learn_table(?, string_to_array(nullif(?, ''), ','))",
                    Boolean.class,
                    table.name(),
                    String.join(",", columns.getOrDefault(table.name(), Set.of())));
        }
    }

    private void sayDrift(String table, Set<String> theirs) {
        try {
            var ours = new HashSet<>(clinic.queryForList(
                    "select attname from pg_attribute where attrelid = to_regclass(format('public.%I', ?::text)) "
                            + "and attnum > 0 and not attisdropped",
                    String.class, table));
            if (!ours.isEmpty()) {
                theirs.stream()
                        .filter(column -> !ours.contains(column))
                        .forEach(column -> sayOnce("column only in the cloud table={} column={}", table, column));
            }
        } catch (DataAccessException unavailable) {
            LOG.debug("columns not compared table={}", table);
        }
    }

    private void sayOnce(String text, String table, String detail) {
        if (said.add(text + table + detail)) {
            LOG.warn(text, table, detail);
        }
    }
}
