package com.centrovision.sync.tables;

import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Begins and ends the syncing of one table in the clinic's database, beside a running service or without one. */
public final class TableInstallation {
    private final JdbcTemplate clinic;
    private final TransactionTemplate transaction;

    public TableInstallation(DataSource clinic) {
        this.clinic = new JdbcTemplate(clinic);
        this.transaction = new TransactionTemplate(new DataSourceTransactionManager(clinic));
    }

    /** What came of {@link #release}. */
    public enum Released {
        COMPLETELY,
        /** Another one owns the table: its triggers are still there. */
        WITH_TRIGGERS_LEFT
    }

    /** Installs the triggers and puts the file in its place: both, or neither. */
    public void begin(SyncedTable table, String yaml, TableShelf shelf) {
        var isPut = new AtomicBoolean();
        try {
            transaction.executeWithoutResult(status -> {
                clinic.queryForObject(
                        "select sync_declare_table(?, ?, ?, ?, string_to_array(?, ','))",
                        String.class,
                        table.name(),
                        table.direction(),
                        table.conflicts(),
                        table.filter(),
                        String.join(",", table.derivedColumns()));
                clinic.queryForObject("select sync_install_table(?)", Boolean.class, table.name());
                shelf.put(table.file(), yaml);
                isPut.set(true);
            });
        } catch (RuntimeException failure) {
            if (isPut.get()) {
                shelf.discard(table.file());
            }
            throw failure;
        }
    }

    public long unsent(String table) {
        return clinic.queryForObject(
                "select count(*) from _sync_pending where table_name = ? and not synced", Long.class, table);
    }

    /** Whether a running service still has the table among its own. */
    public boolean isActive(String table) {
        return !clinic.queryForList(
                        "select true from _sync_metadata where table_name = ? and active", Boolean.class, table)
                .isEmpty();
    }

    /** Ends the capture. Refuses while changes wait: synced no longer, they would be lost to the cloud. */
    public Released release(String table) {
        return clinic.queryForObject(
                "select * from sync_release_table(?)",
                (row, number) -> {
                    if (row.getLong("unsent") > 0) {
                        throw new Problem(ProblemCode.TABLE_CHANGES_WAIT, table, row.getLong("unsent"));
                    }
                    return row.getBoolean("dropped") ? Released.COMPLETELY : Released.WITH_TRIGGERS_LEFT;
                },
                table);
    }

    /** What the owner of the table pastes to be rid of its triggers. */
    public static List<String> dropStatements(String table) {
        return List.of(
                "drop trigger if exists sync_changes_%1$s on public.%1$s;".formatted(table),
                "drop trigger if exists sync_no_truncate_%1$s on public.%1$s;".formatted(table));
    }

    /** Has all rows read from the cloud again. */
    public void reload(String table) {
        switch (clinic.queryForObject("select sync_reload_table(?)", String.class, table)) {
            case "begun" -> {}
            case "loading" -> throw new Problem(ProblemCode.TABLE_LOADING, table);
            default -> throw new Problem(ProblemCode.TABLE_IDLE, table);
        }
    }
}
