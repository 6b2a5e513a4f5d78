package com.centrovision.sync.alerts;

import com.centrovision.sync.config.Severity;
import java.util.List;
import java.util.Map;
import org.apache.camel.Body;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** The channel that is always on: a line in the log when an alert is raised, reminded of and solved. */
public final class AlertLog {
    private static final Logger LOG = LoggerFactory.getLogger(AlertLog.class);

    /** The rows of {@code sync_watch_alerts}. */
    public void changed(@Body List<Map<String, Object>> changes) {
        changes.forEach(change -> write((String) change.get("stage"), AlertRow.alert(change)));
    }

    static void write(String stage, Alert alert) {
        LOG.atLevel(level(stage, alert.severity()))
                .log(
                        "alert {} key={} severity={} since={} numbers={}",
                        stage,
                        alert.key(),
                        alert.severity().word(),
                        alert.since(),
                        alert.numbers());
    }

    private static Level level(String stage, Severity severity) {
        if (stage.equals("solved")) {
            return Level.INFO;
        }
        return severity == Severity.CRITICAL ? Level.ERROR : Level.WARN;
    }
}
