package com.centrovision.sync.console;

import com.centrovision.sync.alerts.Alert;
import com.centrovision.sync.alerts.AlertTexts;
import com.centrovision.sync.alerts.OpenAlerts;
import com.centrovision.sync.problem.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.apache.camel.Header;

/** Open and ended alerts in words, and the channels that do not get through. Threads share it. */
public final class AlertsDesk {
    private static final int ENDED = 20;

    private final OpenAlerts alerts;

    /** @param endedAt null while it goes on */
    record Told(
            String key,
            String severity,
            String severityText,
            String title,
            String text,
            Instant since,
            Instant endedAt) {}

    record Channel(String channel, long waiting, Instant since, String reason) {}

    record All(List<Told> open, List<Told> ended, List<Channel> failing) {}

    AlertsDesk(OpenAlerts alerts) {
        this.alerts = alerts;
    }

    /** Called by the route {@code alerts-list}. */
    public String list(@Header("Accept-Language") String asked) throws JsonProcessingException {
        var language = Answers.language(asked);
        return Json.of(new All(
                told(alerts.open(), language),
                told(alerts.lastEnded(ENDED), language),
                alerts.failing().stream()
                        .map(failing -> new Channel(
                                failing.channel(),
                                failing.waiting(),
                                failing.since(),
                                AlertTexts.failure(failing.reason()).in(language)))
                        .toList()));
    }

    private static List<Told> told(List<Alert> found, Locale language) {
        return found.stream()
                .map(alert -> new Told(
                        alert.key(),
                        alert.severity().word(),
                        AlertTexts.severity(alert.severity()).in(language),
                        AlertTexts.title(alert).in(language),
                        AlertTexts.sentence(alert).in(language),
                        alert.since(),
                        alert.endedAt().orElse(null)))
                .toList();
    }
}
