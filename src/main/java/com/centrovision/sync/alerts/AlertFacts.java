package com.centrovision.sync.alerts;

import com.centrovision.sync.cloud.CloudClock;
import com.centrovision.sync.config.Alerts;
import com.centrovision.sync.config.Config;
import com.centrovision.sync.connection.Connection;
import com.centrovision.sync.problem.ClinicTime;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Clock;
import org.apache.camel.Exchange;

/** What the watch over the control tables is told of: the cloud, the clocks, the disk, and what the clinic set. */
public final class AlertFacts {
    private final ObjectMapper json = new ObjectMapper();
    private final Alerts alerts;
    private final Config.Backup backup;
    private final Connection connection;
    private final CloudClock cloudClock;
    private final FreeDisk disk;
    private final Clock clock;

    public AlertFacts(Config config, Connection connection, CloudClock cloudClock, FreeDisk disk, Clock clock) {
        this.alerts = config.alerts();
        this.backup = config.backup();
        this.connection = connection;
        this.cloudClock = cloudClock;
        this.disk = disk;
        this.clock = clock;
    }

    /** Whether this service is the one that watches. */
    public boolean isWatching() {
        return connection.isWriter();
    }

    /** Leaves them as JSON in the variable {@code facts}. */
    public void collect(Exchange exchange) throws JsonProcessingException {
        var state = connection.state();
        var limits = alerts.limits();
        var facts = json.createObjectNode()
                .put("reason", state.reason())
                .put("reason_since", state.since().toString())
                .put("skew_seconds", cloudClock.skew().toMillis() / 1000.0)
                .put("errors_in_a_row", limits.errorsInARow())
                .put("no_sync_minutes", limits.noSync().toMinutes())
                .put("max_pending", limits.pending())
                .put("max_skew_seconds", limits.skew().toSeconds())
                .put("min_free_disk_mb", limits.freeDiskMb())
                .put("reminder_hours", alerts.reminder().toHours());
        if (backup.isOn()) {
            facts.put("backup_hours", backup.maxAge().toHours());
        }
        disk.freeMb().ifPresent(free -> facts.put("free_disk_mb", free));
        alerts.quietHours()
                .flatMap(hours -> hours.endAfter(clock.instant(), ClinicTime.ZONE))
                .ifPresent(end -> facts.put("quiet_until", end.toString()));
        var channels = facts.putArray("channels");
        Channel.of(alerts).forEach(channel -> channels.addObject()
                .put("name", channel.name())
                .put("severity", channel.minSeverity().word()));
        exchange.setVariable("facts", json.writeValueAsString(facts));
    }
}
