package com.centrovision.sync.soak;

import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.testing.Image;
import com.centrovision.sync.testing.ProcessGauges;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;

/** Takes the samples of a soak. */
final class Gauges {
    private final Image image;
    private final LabDatabase clinic;
    private final Instant start = Instant.now();

    Gauges(Image image, LabDatabase clinic) {
        this.image = image;
        this.clinic = clinic;
    }

    /** @param clinicIsUp whether its connections can be counted */
    Sample read(long pid, boolean clinicIsUp) throws IOException {
        ProcessGauges.collectGarbage(pid);
        return new Sample(
                pid,
                Duration.between(start, Instant.now()).toSeconds(),
                ProcessGauges.heap(pid),
                ProcessGauges.memory(pid),
                ProcessGauges.threads(pid),
                ProcessGauges.files(pid),
                clinicIsUp ? connections() : 0,
                logBytes());
    }

    /** Everything that was ever logged, as long as the log is not so long that a file of it was deleted. */
    private long logBytes() throws IOException {
        try (var files = Files.list(image.home().resolve("log"))) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    private long connections() {
        return clinic.count(
                "pg_stat_activity where datname = current_database() and application_name = 'centrovision-sync'");
    }
}
