package com.centrovision.sync.alerts;

import com.centrovision.sync.config.Alerts;
import com.centrovision.sync.config.Severity;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A way to tell people: its route is {@code alert-<name>}. The log and the console are always on and none of these. */
public record Channel(String name, Severity minSeverity) {

    /** Those that are filled in. */
    public static List<Channel> of(Alerts alerts) {
        return Stream.of(
                        alerts.mail().map(mail -> new Channel("mail", mail.minSeverity())),
                        alerts.webhook().map(webhook -> new Channel("webhook", webhook.minSeverity())),
                        alerts.telegram().map(telegram -> new Channel("telegram", telegram.minSeverity())),
                        alerts.whatsapp().map(whatsapp -> new Channel("whatsapp", whatsapp.minSeverity())))
                .flatMap(Optional::stream)
                .toList();
    }

    String endpoint() {
        return "direct:alert-" + name;
    }
}
