package com.centrovision.sync.bench;

import com.centrovision.sync.demo.Lab;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * The seconds that processors have spent, of all threads and of children that have ended. The benchmark's own process
 * stands for the gateway, the line and the bare clients.
 */
record ProcessorTime(double service, double clinic, double cloud, double postgrest, double benchmark) {
    private static final double TICKS_PER_SECOND = 100;
    private static final int USER = 11;
    private static final int SYSTEM = 12;
    private static final int CHILDREN_USER = 13;
    private static final int CHILDREN_SYSTEM = 14;

    static ProcessorTime now(Lab lab, OptionalLong servicePid) {
        var cloud = lab.cloudProcesses();
        var postgrest = cloud.get(0);
        return new ProcessorTime(
                servicePid.isPresent() ? ofProcess(servicePid.getAsLong()) : 0,
                of(lab.clinicProcesses()),
                of(cloud.subList(1, cloud.size())),
                ofProcess(postgrest.pid()),
                ofProcess(ProcessHandle.current().pid()));
    }

    ProcessorTime since(ProcessorTime start) {
        return new ProcessorTime(
                service - start.service,
                clinic - start.clinic,
                cloud - start.cloud,
                postgrest - start.postgrest,
                benchmark - start.benchmark);
    }

    double all() {
        return service + clinic + cloud + postgrest + benchmark;
    }

    void addTo(Figures figures, String work) {
        figures.add(work + ": processor time of the service", "s", service);
        figures.add(work + ": of the clinic's PostgreSQL", "s", clinic);
        figures.add(work + ": of the cloud's PostgreSQL", "s", cloud);
        figures.add(work + ": of PostgREST", "s", postgrest);
        figures.add(work + ": of gateway and line", "s", benchmark);
    }

    static double ofProcess(long pid) {
        return ticks(pid, false) / TICKS_PER_SECOND;
    }

    /** What a server's processes have spent, with those that are gone: they stand in the account of their parent. */
    private static double of(List<ProcessHandle> processes) {
        return processes.stream()
                        .mapToLong(process -> ticks(process.pid(), true))
                        .sum()
                / TICKS_PER_SECOND;
    }

    private static long ticks(long pid, boolean withChildren) {
        try {
            var stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            long own = Long.parseLong(fields[USER]) + Long.parseLong(fields[SYSTEM]);
            return withChildren
                    ? own + Long.parseLong(fields[CHILDREN_USER]) + Long.parseLong(fields[CHILDREN_SYSTEM])
                    : own;
        } catch (IOException unreadable) {
            if (ProcessHandle.of(pid).isEmpty()) { // ended meanwhile, before the file was opened or while it was read
                return 0;
            }
            throw new UncheckedIOException(unreadable);
        }
    }
}
