package com.centrovision.sync.console;

import com.centrovision.sync.connection.Connection;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.status.FileStatus;
import com.centrovision.sync.status.StatusReading;
import com.centrovision.sync.status.StatusSnapshot.Table;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** The sync and its Java machine in numbers, by table; none of them is of a row. Threads share it. */
final class SyncMetrics implements AutoCloseable {
    private static final List<String> MODES = List.of("supabase", "local", "offline");

    private final Map<MultiGauge, Function<Table, Number>> byTable = new LinkedHashMap<>();
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private volatile Optional<FileStatus> files = Optional.empty();

    SyncMetrics(MeterRegistry registry, Connection connection, Supplier<Optional<Problem>> clinicProblem) {
        table(registry, "centrovision.lag.seconds", "Seconds since the last complete pass", SyncMetrics::lag);
        table(registry, "centrovision.rows.down", "Rows applied in the clinic", Table::rowsDown);
        table(registry, "centrovision.rows.up", "Changes confirmed by the cloud", Table::rowsUp);
        table(registry, "centrovision.pending", "Changes that wait to go up", Table::pending);
        table(registry, "centrovision.held", "Of them, those that wait for a person", Table::held);
        table(registry, "centrovision.quarantine", "Rows that one side refuses", Table::quarantine);
        table(registry, "centrovision.conflicts", "Conflicts kept so far", Table::conflicts);
        table(registry, "centrovision.loaded", "Whether the first load is complete", table -> table.loaded() ? 1 : 0);
        files(registry, "centrovision.files.down.waiting", "Files that wait to come down", FileStatus::waitingDown);
        files(registry, "centrovision.files.up.waiting", "Files that wait to go up", FileStatus::waitingUp);
        files(registry, "centrovision.files.refused", "Files that could not be moved", FileStatus::refused);
        files(
                registry,
                "centrovision.study.files.incomplete",
                "Rows of study_files whose bytes are not here",
                SyncMetrics::incomplete);
        for (var mode : MODES) {
            Gauge.builder(
                            "centrovision.mode",
                            connection,
                            line -> line.state().mode().equals(mode) ? 1 : 0)
                    .description("What the apps are told to work with")
                    .tag("mode", mode)
                    .register(registry);
        }
        Gauge.builder("centrovision.line.open", connection, line -> line.isOpen() ? 1 : 0)
                .description("Whether the cloud can be worked with")
                .register(registry);
        Gauge.builder("centrovision.line.slow", connection, line -> line.isSlow() ? 1 : 0)
                .description("Whether the line carries little")
                .register(registry);
        Gauge.builder(
                        "centrovision.clinic.up",
                        clinicProblem,
                        problem -> problem.get().isEmpty() ? 1 : 0)
                .description("Whether the clinic's database works")
                .strongReference(true) // nobody else holds it
                .register(registry);
        Gauge.builder("centrovision.writer", connection, line -> line.isWriter() ? 1 : 0)
                .description("Whether this service is the one that writes")
                .register(registry);
        List.of(
                        new JvmMemoryMetrics(),
                        new JvmThreadMetrics(),
                        new ProcessorMetrics(),
                        new UptimeMetrics(),
                        collections)
                .forEach(binder -> binder.bindTo(registry));
    }

    private void table(MeterRegistry registry, String name, String description, Function<Table, Number> value) {
        byTable.put(MultiGauge.builder(name).description(description).register(registry), value);
    }

    private void files(MeterRegistry registry, String name, String description, ToDoubleFunction<FileStatus> value) {
        Gauge.builder(name, this, metrics -> metrics.files
                        .map(value::applyAsDouble)
                        .orElse(Double.NaN))
                .description(description)
                .register(registry);
    }

    private static double incomplete(FileStatus files) {
        return files.studyFiles() == null ? Double.NaN : files.studyFiles() - files.studyFilesComplete();
    }

    private static Number lag(Table table) {
        return Optional.ofNullable(table.lagSeconds())
                .<Number>map(seconds -> seconds)
                .orElse(Double.NaN);
    }

    void tell(StatusReading status) {
        files = status.files();
        byTable.forEach((gauge, value) -> gauge.register(
                status.tables().stream()
                        .filter(Table::active)
                        .map(table -> MultiGauge.Row.of(Tags.of("table", table.name()), value.apply(table)))
                        .toList(),
                true));
    }

    @Override
    public void close() {
        collections.close();
    }
}
