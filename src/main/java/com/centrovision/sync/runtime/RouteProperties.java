package com.centrovision.sync.runtime;

import com.centrovision.sync.config.Config;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;

/** What routes may read. No secret is among it: placeholders show in logs and in Hawtio. */
final class RouteProperties {
    private static final Duration NEVER = Duration.ofDays(365);
    /** After a start others have more urgent work. */
    private static final Duration FIRST_BACKUP = Duration.ofSeconds(10);

    private final Properties properties = new Properties();

    private RouteProperties() {}

    static Properties of(Config config, Path home, SyncService.Mode mode) {
        var runs = mode == SyncService.Mode.CONTINUOUS;
        var secondPass = runs ? config.sync().interval() : NEVER;
        return new RouteProperties()
                .put("app.home", home)
                .put("supabase.url", config.supabase().url())
                .put("sync.interval_seconds", config.sync().interval().toSeconds())
                .put("sync.retry_max_attempts", config.sync().retryMaxAttempts())
                .put("sync.retry_delay_millis", config.sync().retryDelay().toMillis())
                .put("sync.reconcile_millis", config.reconcile().every().toMillis())
                .put("sync.keep_synced_days", config.keep().syncedDays())
                .put("sync.keep_log_days", config.keep().logDays())
                .put("sync.keep_conflicts_days", config.keep().conflictsDays())
                .put("console.serves", false)
                .put("backup.runs", runs && config.backup().isOn())
                .put("backup.first_delay", FIRST_BACKUP.toMillis())
                .put("down.first_delay", secondPass.toMillis())
                .put("feed.first_delay", secondPass.toMillis())
                .put("reconcile.first_delay", (runs ? config.reconcile().every() : NEVER).toMillis())
                .properties;
    }

    private RouteProperties put(String name, Object value) {
        properties.setProperty(name, value.toString());
        return this;
    }
}
