package com.centrovision.sync.alerts;

import com.centrovision.sync.config.Alerts;
import com.centrovision.sync.config.Alerts.Security;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.function.BiConsumer;
import org.apache.camel.component.telegram.TelegramComponent;
import org.apache.camel.component.whatsapp.WhatsAppComponent;

/**
 * What the routes of {@code alerts.camel.yaml} need: beans that hold the secrets, and properties, which show in JMX and
 * hold none.
 */
final class AlertChannels {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Alerts alerts;
    private final HttpClient client = new ImpatientClient(PATIENCE);

    AlertChannels(Alerts alerts) {
        this.alerts = alerts;
    }

    HttpClient client() {
        return client;
    }

    void bind(BiConsumer<String, Object> registry) {
        registry.accept("mailLogin", new MailLogin(alerts.mail().flatMap(Alerts.Mail::login)));
        alerts.webhook()
                .ifPresent(
                        webhook -> registry.accept("webhook", new WebhookSender(webhook, client, Clock.systemUTC())));
        alerts.telegram().ifPresent(telegram -> {
            var component = new TelegramComponent();
            component.setAuthorizationToken(telegram.token());
            component.setClient(client);
            registry.accept("telegram", component);
        });
        alerts.whatsapp().ifPresent(whatsapp -> {
            var component = new WhatsAppComponent();
            component.setAuthorizationToken(whatsapp.token());
            component.setClient(client);
            registry.accept("whatsapp", component);
            registry.accept("whatsappMessages", new WhatsappMessages(whatsapp));
        });
    }

    Properties properties() {
        var values = new LinkedHashMap<String, Object>();
        values.put("alerts.mail", alerts.mail().isPresent());
        values.put("alerts.webhook", alerts.webhook().isPresent());
        values.put("alerts.telegram", alerts.telegram().isPresent());
        values.put("alerts.whatsapp", alerts.whatsapp().isPresent());
        alerts.mail().ifPresent(mail -> {
            values.put("alerts_mail.scheme", mail.security() == Security.TLS ? "smtps" : "smtp");
            values.put("alerts_mail.starttls", mail.security() == Security.STARTTLS);
            values.put("alerts_mail.host", mail.host());
            values.put("alerts_mail.port", mail.port());
            values.put("alerts_mail.from", mail.from());
            values.put("alerts_mail.to", mail.to());
        });
        alerts.telegram().ifPresent(telegram -> values.put("alerts_telegram.chat_id", telegram.chatId()));
        alerts.whatsapp()
                .ifPresent(whatsapp -> values.put("alerts_whatsapp.phone_number_id", whatsapp.phoneNumberId()));
        return properties(values);
    }

    private static Properties properties(Map<String, Object> values) {
        var properties = new Properties();
        values.forEach((name, value) -> properties.setProperty(name, value.toString()));
        return properties;
    }
}
