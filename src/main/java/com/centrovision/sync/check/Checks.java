package com.centrovision.sync.check;

import com.centrovision.sync.clinic.ClinicDatabase;
import com.centrovision.sync.clinic.ClinicFailures;
import com.centrovision.sync.clinic.ControlTables;
import com.centrovision.sync.clinic.MirroredCloud;
import com.centrovision.sync.clinic.Rights;
import com.centrovision.sync.cloud.CloudApi;
import com.centrovision.sync.cloud.CloudClock;
import com.centrovision.sync.cloud.CloudFunctions;
import com.centrovision.sync.cloud.CloudHttp;
import com.centrovision.sync.cloud.CloudListener;
import com.centrovision.sync.cloud.CloudProbe;
import com.centrovision.sync.cloud.storage.StorageApi;
import com.centrovision.sync.config.Config;
import com.centrovision.sync.connection.Failures;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.Text;
import com.centrovision.sync.tables.DeclaredTables;
import com.centrovision.sync.tables.SyncedTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.flywaydb.core.api.FlywayException;
import org.springframework.dao.DataAccessException;

/**
 * All checks of the clinic and of the cloud, in an order in which each may rely on those before it. A side that does not
 * let us in is one finding, not one of every check.
 */
public final class Checks implements AutoCloseable {
    private final Config config;
    private final Path home;
    private final Path sql;
    private final List<SyncedTable> tables;
    private final Consumer<Finding> found;
    private final Failures failures;
    private final ClinicDatabase clinic;
    private final CloudClock clock = new CloudClock(Clock.systemUTC());
    private final CloudHttp http;
    private final CloudApi cloud;
    private final CloudProbe probe;

    /** @param found hears of each finding as soon as it is made */
    public Checks(Config config, Path home, DeclaredTables declared, Consumer<Finding> found) {
        this.config = config;
        this.home = home;
        this.sql = home.resolve("sql");
        this.tables = declared.tables();
        this.found = found;
        this.failures = new Failures(config.supabase().url(), new ClinicFailures(config.localPostgres())::problem);
        this.clinic = new ClinicDatabase(config.localPostgres(), 2);
        this.http = new CloudHttp(config.supabase().url(), config.supabase().serviceKey(), clock, CloudListener.NONE);
        this.cloud = new CloudApi(config.supabase().url(), http);
        this.probe = new CloudProbe(config.supabase().url(), http);
    }

    public void run() {
        var clinicAnswers = look(this::clinicAccess);
        var isPrepared = clinicAnswers && prepared(new ControlTables(clinic.dataSource(), sql));
        if (isPrepared) {
            look(new TriggersCheck(clinic.jdbc(), read("check/triggers.sql"), names()));
            look(new LeftoversCheck(clinic.jdbc(), read("check/leftovers.sql")));
            look(new MirroredCloudCheck(mirrored()));
        }
        cloudTypes().ifPresent(types -> cloud(types, clinicAnswers, isPrepared));
    }

    private boolean prepared(ControlTables control) {
        var mayLook = look(new RightsCheck(rights(), names()));
        return mayLook && look(new ControlTablesCheck(control)) && control.exist();
    }

    private void cloud(Map<String, Map<String, String>> types, boolean clinicAnswers, boolean isPrepared) {
        look(new CloudAccessCheck(config.supabase().url(), types));
        look(new ClockCheck(clock));
        look(new CloudFunctionsCheck(
                config.sync().mode(), new CloudFunctions(config.sync().mode(), cloud), names()));
        look(new CloudRightsCheck(probe, tables));
        if (config.storage().enabled()) {
            look(this::files);
        }
        if (clinicAnswers) {
            look(new SchemaCheck(clinic.jdbc(), read("check/columns.sql"), types, names()));
        }
        if (isPrepared) {
            var rows = new RowsCheck(clinic.jdbc(), read("check/rows.sql"), cloud, tables);
            look(() -> mirrored().isConfigured() ? rows.findings() : List.of());
        }
        look(new IndexCheck(
                probe,
                cloud,
                tables.stream().filter(table -> types.containsKey(table.name())).toList()));
    }

    /** Tells what a check finds; whether it could be made and found nothing that stops the next ones. */
    private boolean look(Check check) {
        try {
            check.findings().forEach(found);
            return true;
        } catch (Problem problem) {
            problem.all().map(Finding::of).forEach(found);
        } catch (IOException | DataAccessException | FlywayException failure) {
            found.accept(Finding.of(failures.problem(failure, "?")));
        }
        return false;
    }

    private List<Finding> files() throws IOException {
        var settings = config.storage();
        try (var storage =
                new StorageApi(config.supabase().url(), config.supabase().serviceKey())) {
            return new FilesCheck(settings, home.resolve(settings.directory()).toAbsolutePath(), storage).findings();
        }
    }

    private List<Finding> clinicAccess() {
        clinic.start();
        var settings = config.localPostgres();
        return List.of(
                Finding.fine(Text.of("check.clinic.fine", settings.database(), settings.host(), settings.user())));
    }

    private Optional<Map<String, Map<String, String>>> cloudTypes() {
        try {
            return Optional.of(probe.types());
        } catch (IOException silent) {
            found.accept(Finding.of(failures.problem(silent, "?")));
            return Optional.empty();
        }
    }

    private MirroredCloud mirrored() {
        return new MirroredCloud(clinic.jdbc(), config.supabase().url());
    }

    private Rights rights() {
        var settings = config.localPostgres();
        return new Rights(clinic.dataSource(), sql, settings.user(), settings.database());
    }

    private List<String> names() {
        return tables.stream().map(SyncedTable::name).toList();
    }

    private String read(String file) {
        try {
            return Files.readString(sql.resolve(file));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Override
    public void close() throws IOException {
        probe.close();
        cloud.close();
        http.close();
        clinic.close();
    }
}
