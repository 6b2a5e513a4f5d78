package com.centrovision.sync.backup;

import com.centrovision.sync.config.Config;
import com.centrovision.sync.problem.ClinicTime;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The service's own backups: each night, or as soon after it as the machine is on; again an hour after a failure. */
public final class Backups implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Backups.class);

    /** To put away what a backup has begun that is cancelled. */
    private static final Duration LONGEST_END = Duration.ofSeconds(5);

    private final Config.Backup settings;
    private final String database;
    private final ClinicBackup backup;
    private final BooleanSupplier isWriter;
    private final Clock clock;
    private final AtomicBoolean underWay = new AtomicBoolean();
    private volatile Thread wished = new Thread("no-backup-wished");

    public Backups(Config config, ClinicBackup backup, BooleanSupplier isWriter, Clock clock) {
        this.settings = config.backup();
        this.database = config.localPostgres().database();
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
        if (underWay.compareAndSet(false, true)) {
            makeNow();
        }
    }

    /** Begins one that a person wishes, and does not wait for its end. */
    public void begin() {
        if (!settings.isOn()) {
            throw new Problem(ProblemCode.BACKUP_KEY_MISSING);
        }
        if (!underWay.compareAndSet(false, true)) {
            throw new Problem(ProblemCode.BACKUP_UNDER_WAY, database);
        }
        wished = new Thread(this::makeWished, "backup-wished");
        wished.setDaemon(true);
        wished.start();
    }

    /** Whether this service makes one now. */
    public boolean isUnderWay() {
        return underWay.get();
    }

    private void makeWished() {
        try {
            makeNow();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void makeNow() throws InterruptedException {
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
        } finally {
            underWay.set(false);
        }
    }

    private static void tell(Problem problem) {
        problem.all().forEach(each -> LOG.error("backup problem={}", each.getMessage()));
    }

    @Override
    public void close() {
        backup.cancel();
        try {
            wished.join(LONGEST_END.toMillis());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
