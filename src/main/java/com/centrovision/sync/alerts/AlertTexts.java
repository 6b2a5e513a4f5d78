package com.centrovision.sync.alerts;

import com.centrovision.sync.config.Alerts;
import com.centrovision.sync.config.Severity;
import com.centrovision.sync.problem.ClinicTime;
import com.centrovision.sync.problem.Text;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.Body;

/** Says an alert in plain words, with what to do. Threads share it. */
public final class AlertTexts {
    private static final Set<String> FAILURES = Set.of("refused", "login-refused", "tls", "timeout", "no-answer");

    private final Locale language;
    private final Optional<String> clinic;
    private final Clock clock;

    public AlertTexts(Alerts alerts, Clock clock) {
        this.language = alerts.language();
        this.clinic = alerts.clinic();
        this.clock = clock;
    }

    /** The message for a row of {@code sync_take_delivery}. */
    public AlertMessage of(@Body Map<String, Object> delivery) {
        return message(
                "alert-" + delivery.get("delivery_id"), (String) delivery.get("stage"), AlertRow.alert(delivery));
    }

    AlertMessage message(String id, String stage, Alert alert) {
        var end = alert.endedAt().orElseGet(clock::instant);
        var text = Text.of(
                "alert.stage." + stage,
                sentence(alert),
                title(alert),
                ClinicTime.minute(alert.since()),
                ClinicTime.minute(end));
        var name = clinic.map(given -> "CentroVision " + given).orElse("CentroVision");
        var subject = Text.of("alert.subject." + stage, name, severity(alert.severity()), title(alert));
        return new AlertMessage(id, stage, alert, clinic, clock.instant(), subject.in(language), text.in(language));
    }

    /** What is wrong, since when, and what to do. */
    public static Text sentence(Alert alert) {
        return Text.of(
                key(alert) + ".text",
                ClinicTime.minute(alert.since()),
                alert.table().orElse("-"),
                alert.number("count"),
                alert.number("tables"),
                reason(alert),
                alert.number("seconds"),
                alert.number("free_mb"),
                alert.number("min_mb"));
    }

    public static Text severity(Severity severity) {
        return Text.of("alert.severity." + severity.word());
    }

    /** Why a message was not sent; what {@link ChannelFailure} found is kept beside the words. */
    public static Text failure(String found) {
        var word = found.split(" ")[0];
        return FAILURES.contains(word)
                ? Text.of("alert.failure." + word, found)
                : Text.of("alert.failure.other", found);
    }

    /** In a few words. */
    public static Text title(Alert alert) {
        return Text.of(key(alert) + ".title", alert.table().orElse("-"), alert.number("count"));
    }

    /** What meets many tables at once has words of its own. */
    private static String key(Alert alert) {
        return "alert." + alert.kind()
                + (alert.numbers().containsKey("tables") && alert.table().isEmpty() ? ".many" : "");
    }

    private static Text reason(Alert alert) {
        return Text.of("status.reason." + alert.numbers().getOrDefault("reason", "ok"));
    }
}
