package com.centrovision.sync.alerts;

import com.centrovision.sync.config.Alerts.Webhook;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.camel.Body;

/** Posts a message as signed JSON. Neither its address nor its secret are known to any route. */
public final class WebhookSender {
    private static final String ALGORITHM = "HmacSHA256";

    private final ObjectMapper json = new ObjectMapper();
    private final Webhook webhook;
    private final HttpClient client;
    private final Clock clock;

    WebhookSender(Webhook webhook, HttpClient client, Clock clock) {
        this.webhook = webhook;
        this.client = client;
        this.clock = clock;
    }

    public void send(@Body AlertMessage message) throws IOException, InterruptedException {
        var body = body(message);
        var timestamp = String.valueOf(clock.instant().getEpochSecond());
        client.send(
                HttpRequest.newBuilder(webhook.url())
                        .header("Content-Type", "application/json; charset=utf-8")
                        .header("User-Agent", "centrovision-sync")
                        .header("X-Centrovision-Id", message.id())
                        .header("X-Centrovision-Timestamp", timestamp)
                        .header("X-Centrovision-Signature", "sha256=" + signature(timestamp + "." + body))
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.discarding());
    }

    private String body(AlertMessage message) throws JsonProcessingException {
        var alert = message.alert();
        var fields = json.createObjectNode()
                .put("id", message.id())
                .put("key", alert.key())
                .put("kind", alert.kind())
                .put("severity", alert.severity().word())
                .put("stage", message.stage())
                .put("table", alert.table().orElse(null))
                .put("since", alert.since().toString())
                .put("ended_at", alert.endedAt().map(Object::toString).orElse(null))
                .put("at", message.at().toString())
                .put("text", message.text())
                .put("clinic", message.clinic().orElse(null));
        fields.set("numbers", json.valueToTree(alert.numbers()));
        return json.writeValueAsString(fields);
    }

    private String signature(String signed) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(webhook.secret().getBytes(StandardCharsets.UTF_8), ALGORITHM));
            return HexFormat.of().formatHex(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
