package com.centrovision.sync.cli;

import com.centrovision.sync.config.LogSetup;
import com.centrovision.sync.problem.ExitCode;
import com.centrovision.sync.problem.Text;
import com.centrovision.sync.runtime.SyncService;
import com.centrovision.sync.tables.SyncedTable;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.time.Duration;
import org.springframework.jdbc.core.JdbcTemplate;

/** Reads a whole table from the cloud, here or by the service that runs already, and waits for its end. */
final class TableLoad {
    private static final Duration STANDSTILL = Duration.ofSeconds(60);
    private static final long LOOK_MILLIS = 300;

    private final Cli cli;
    private final PrintWriter out;

    private record Progress(boolean loaded, long rows) {}

    TableLoad(Cli cli, PrintWriter out) {
        this.cli = cli;
        this.out = out;
    }

    ExitCode run(SyncedTable table) throws InterruptedException, SQLException {
        if (table.direction().equals("up")) {
            say(Text.of("table.load.up-only", table.name()));
            return ExitCode.OK;
        }
        var config = cli.config();
        var home = cli.home().path();
        try (var service = new SyncService(config, home, SyncService.Mode.ON_DEMAND)) {
            service.init();
            var clinic = service.clinic().jdbc();
            if (!service.isWriter()) {
                say(Text.of("table.load.by-service", table.name()));
                return await(table.name(), clinic) ? told(table.name(), clinic) : later(table.name());
            }
            LogSetup.startInFile(config.logging(), home);
            service.greetCloud().ifPresent(problem -> {
                throw problem;
            });
            service.start(new ProgressLines(out, cli.locale()));
            service.tablePasses().run(table.name());
            return progress(table.name(), clinic).loaded() ? told(table.name(), clinic) : later(table.name());
        }
    }

    private boolean await(String table, JdbcTemplate clinic) throws InterruptedException {
        var before = progress(table, clinic);
        var movedAt = System.nanoTime();
        while (!before.loaded() && System.nanoTime() - movedAt < STANDSTILL.toNanos()) {
            Thread.sleep(LOOK_MILLIS);
            var now = progress(table, clinic);
            if (!now.equals(before)) {
                movedAt = System.nanoTime();
            }
            before = now;
        }
        return before.loaded();
    }

    private static Progress progress(String table, JdbcTemplate clinic) {
        return clinic
                .query(
                        "select loaded_at is not null as loaded, load_rows from _sync_metadata where table_name = ?",
                        (row, number) -> new Progress(row.getBoolean("loaded"), row.getLong("load_rows")),
                        table)
                .stream()
                .findFirst()
                .orElse(new Progress(false, 0));
    }

    private ExitCode told(String table, JdbcTemplate clinic) {
        say(Text.of(
                "table.load.done",
                table,
                clinic.queryForObject("select sync_count(?)", Long.class, table),
                clinic.queryForObject(
                        "select count(*) from _sync_pending where table_name = ? and not synced", Long.class, table)));
        return ExitCode.OK;
    }

    private ExitCode later(String table) {
        say(Text.of("table.load.later", table));
        return ExitCode.FINDINGS;
    }

    private void say(Text text) {
        out.println(text.in(cli.locale()));
        out.flush();
    }
}
