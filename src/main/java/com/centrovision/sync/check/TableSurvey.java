package com.centrovision.sync.check;

import com.centrovision.sync.clinic.ClinicDatabase;
import com.centrovision.sync.clinic.ClinicFailures;
import com.centrovision.sync.clinic.ControlTables;
import com.centrovision.sync.clinic.MirroredCloud;
import com.centrovision.sync.clinic.Rights;
import com.centrovision.sync.cloud.CloudApi;
import com.centrovision.sync.cloud.CloudClock;
import com.centrovision.sync.cloud.CloudHttp;
import com.centrovision.sync.cloud.CloudListener;
import com.centrovision.sync.cloud.CloudProbe;
import com.centrovision.sync.config.Config;
import com.centrovision.sync.connection.Failures;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.problem.Text;
import com.centrovision.sync.tables.SyncedTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** Looks at one table on both sides before it is synced. What forbids it is thrown, all at once; the rest is told. */
public final class TableSurvey implements AutoCloseable {
    private static final Map<String, String> NEEDED = Map.of("id", "uuid", "updated_at", "timestamp with time zone");

    private final Config config;
    private final Path sql;
    private final Failures failures;
    private final ClinicDatabase clinic;
    private final CloudHttp http;
    private final CloudApi cloud;
    private final CloudProbe probe;

    /** @param clinicRows how many rows each side has now */
    public record Seen(long clinicRows, long cloudRows, List<Finding> findings) {}

    public TableSurvey(Config config, Path home) {
        this.config = config;
        this.sql = home.resolve("sql");
        this.failures = new Failures(config.supabase().url(), new ClinicFailures(config.localPostgres())::problem);
        this.clinic = new ClinicDatabase(config.localPostgres(), 2);
        this.http = new CloudHttp(
                config.supabase().url(),
                config.supabase().serviceKey(),
                new CloudClock(Clock.systemUTC()),
                CloudListener.NONE);
        this.cloud = new CloudApi(config.supabase().url(), http);
        this.probe = new CloudProbe(config.supabase().url(), http);
    }

    /** The clinic's database, once {@link #look} has let us in. */
    public DataSource clinic() {
        return clinic.dataSource();
    }

    /** @param synced the names of the tables that are synced already */
    public Seen look(SyncedTable table, List<String> synced) {
        requireClinic(table.name());
        try {
            var types = probe.types();
            requireFit(table, types);
            var findings = new ArrayList<Finding>();
            findings.addAll(
                    new SchemaCheck(clinic.jdbc(), read("check/columns.sql"), types, List.of(table.name())).findings());
            var theirs = types.get(table.name());
            findings.addAll(new StampCheck(config.sync().mode(), cloud, probe, table, theirs.containsKey("created_at"))
                    .findings());
            findings.addAll(parents(table.name(), synced));
            return new Seen(
                    clinic.jdbc().queryForObject("select sync_count(?)", Long.class, table.name()),
                    cloud.count(table.name(), table.filter()),
                    List.copyOf(findings));
        } catch (IOException failure) {
            throw failures.problem(failure, table.name());
        }
    }

    private void requireClinic(String table) {
        clinic.start();
        var control = new ControlTables(clinic.dataSource(), sql);
        if (!control.exist() || control.pending() > 0) {
            throw new Problem(
                    ProblemCode.CLINIC_NOT_PREPARED, config.localPostgres().database());
        }
        new MirroredCloud(clinic.jdbc(), config.supabase().url()).requireConfigured();
        var settings = config.localPostgres();
        new Rights(clinic.dataSource(), sql, settings.user(), settings.database())
                .report(List.of(table))
                .problem()
                .ifPresent(problem -> {
                    throw problem;
                });
    }

    private void requireFit(SyncedTable table, Map<String, Map<String, String>> types) throws IOException {
        var problems = new ArrayList<>(unfitInClinic(table.name()));
        var theirs = types.getOrDefault(table.name(), Map.of());
        if (theirs.isEmpty()) {
            problems.add(new Problem(ProblemCode.TABLE_MISSING, table.name(), Text.of("check.the-cloud")));
        } else {
            NEEDED.entrySet().stream()
                    .filter(needed -> !needed.getValue().equals(theirs.get(needed.getKey())))
                    .map(needed -> needed.getKey() + " " + needed.getValue())
                    .sorted()
                    .map(needed -> new Problem(ProblemCode.TABLE_CLOUD_UNFIT, table.name(), needed))
                    .forEach(problems::add);
        }
        if (problems.isEmpty()) {
            problems.addAll(deniedInCloud(table));
        }
        if (!problems.isEmpty()) {
            throw Problem.together(problems);
        }
    }

    private List<Problem> unfitInClinic(String table) {
        var unfit = clinic.jdbc().queryForObject("select sync_unfit(?)", String.class, table);
        if (unfit == null) {
            return List.of();
        }
        return List.of(
                unfit.equals("missing")
                        ? new Problem(ProblemCode.TABLE_MISSING, table, Text.of("check.the-clinic"))
                        : new Problem(ProblemCode.CLINIC_TABLE_UNFIT, table, unfit.replaceFirst("^without (a )?", "")));
    }

    private List<Problem> deniedInCloud(SyncedTable table) throws IOException {
        var denied = probe.denied(table.name(), !table.direction().equals("down"));
        var rights = String.join(", ", denied);
        return denied.isEmpty()
                ? List.of()
                : List.of(new Problem(ProblemCode.CLOUD_RIGHT_MISSING, table.name(), rights)
                        .remediedBy(List.of("GRANT %s ON public.%s TO service_role;".formatted(rights, table.name()))));
    }

    private List<Finding> parents(String table, List<String> synced) {
        return clinic.jdbc().queryForList(read("check/parents.sql"), String.class, table).stream()
                .filter(parent -> !synced.contains(parent))
                .map(parent -> Finding.notice(Text.of("table.add.parent", table, parent)))
                .toList();
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
