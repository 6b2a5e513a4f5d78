package com.centrovision.sync.backup;

import com.centrovision.sync.config.Config;
import com.centrovision.sync.problem.ClinicTime;
import com.centrovision.sync.problem.Problem;
import java.time.Clock;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The service's own backups: each night, or as soon after it as the machine is on; again an hour after a failure. */
public final class Backups implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Backups.class);

    private final Config.Backup settings;
    private final ClinicBackup backup;
    private final BooleanSupplier isWriter;
    private final Clock clock;

    public Backups(Config config, ClinicBackup backup, BooleanSupplier isWriter, Clock clock) {
        this.settings = config.backup();
        this.backup = backup;
        this.isWriter = isWriter;
        this.clock = clock;
    }

    /** Whether this service is the one that makes them. */
    public boolean isWanted() {
        return settings.isOn() && isWriter.getAsBoolean();
    }

    /** The last nightly hour, for PostgreSQL. */
    public String lastNight() {
        var now = clock.instant().atZone(ClinicTime.ZONE);
        var tonight = now.toLocalDate().atTime(settings.hour(), 0).atZone(ClinicTime.ZONE);
        return (tonight.isAfter(now) ? tonight.minusDays(1) : tonight)
                .toInstant()
                .toString();
    }

    /** Called by the route {@code backup}. A failure is told in the log, and as an alert. */
    public void make() throws InterruptedException {
        try {
            var made = backup.make();
            LOG.info(
                    "backup made file={} bytes={} rows={} proved={} expired={}",
                    made.file().getFileName(),
                    made.bytes(),
                    made.rows(),
                    made.notProved().isEmpty(),
                    made.expired());
            made.problem().ifPresent(Backups::tell);
        } catch (Problem problem) {
            tell(problem);
        }
    }

    private static void tell(Problem problem) {
        problem.all().forEach(each -> LOG.error("backup problem={}", each.getMessage()));
    }

    @Override
    public void close() {
        backup.cancel();
    }
}
