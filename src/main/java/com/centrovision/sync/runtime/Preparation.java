package com.centrovision.sync.runtime;

import com.centrovision.sync.backup.ClinicBackup;
import com.centrovision.sync.clinic.ClinicDatabase;
import com.centrovision.sync.clinic.ControlTables;
import com.centrovision.sync.clinic.MirroredCloud;
import com.centrovision.sync.clinic.Rights;
import com.centrovision.sync.config.Config;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.runtime.SyncService.Mode;
import com.centrovision.sync.tables.CloudTables;
import com.centrovision.sync.tables.DeclaredTables;
import com.centrovision.sync.tables.SyncedTable;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the clinic's database fit for the service: rights, the project that it mirrors, control tables, triggers. */
final class Preparation {
    private static final Logger LOG = LoggerFactory.getLogger(Preparation.class);

    private final Config config;
    private final Path home;
    private final Mode mode;
    private final ClinicDatabase clinic;
    private final DeclaredTables declared;
    private final MirroredCloud mirrored;
    private final CloudTables tables;
    private final ClinicBackup backup;

    Preparation(
            Config config,
            Path home,
            Mode mode,
            ClinicDatabase clinic,
            DeclaredTables declared,
            MirroredCloud mirrored,
            CloudTables tables,
            ClinicBackup backup) {
        this.config = config;
        this.home = home;
        this.mode = mode;
        this.clinic = clinic;
        this.declared = declared;
        this.mirrored = mirrored;
        this.tables = tables;
        this.backup = backup;
    }

    /** Refuses what a person has to settle first. */
    void requireFit() {
        requireRights();
        mirrored.requireConfigured();
    }

    /** A service that runs by itself goes on without a table that lacks rights; with a person there, all is said first. */
    void requireRights() {
        var rights = new Rights(
                        clinic.dataSource(),
                        home.resolve("sql"),
                        config.localPostgres().user(),
                        config.localPostgres().database())
                .report(declared.tables().stream().map(SyncedTable::name).toList());
        rights.problem().ifPresent(problem -> {
            if (mode == Mode.ON_DEMAND || rights.stopsEverything()) {
                throw problem;
            }
            LOG.error("tables left out tables={} problem={}", rights.leftOut(), problem.getMessage());
            problem.remedies().forEach(statement -> LOG.error("right missing statement={}", statement));
        });
    }

    void install() {
        upgrade();
        tables.install();
    }

    void installForOtherCloud() {
        upgrade();
        mirrored.accept();
        tables.install();
    }

    void installForRestoredCloud() {
        mirrored.requireConfigured();
        upgrade();
        mirrored.forget();
        tables.install();
    }

    void installRestored() {
        upgrade();
        clinic.jdbc().execute("select sync_restored()");
        tables.install();
    }

    private void upgrade() {
        var control = new ControlTables(clinic.dataSource(), home.resolve("sql"));
        if (config.backup().isOn() && control.exist() && control.pending() > 0) {
            backUp();
        }
        control.upgrade();
        if (control.noticeRestore()) {
            LOG.warn("database was restored: every table is read from the cloud before anything is sent");
        }
    }

    /** Before the control tables change. One that fails is told and holds nothing up: they change as a whole or not at all. */
    private void backUp() {
        try {
            if (backup.isFresh()) { // the installer's
                return;
            }
            var made = backup.make();
            LOG.info("backup made before the upgrade file={}", made.file().getFileName());
            made.problem().ifPresent(problem -> LOG.error("backup problem={}", problem.getMessage()));
        } catch (Problem problem) {
            LOG.error("no backup before the upgrade problem={}", problem.getMessage());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
