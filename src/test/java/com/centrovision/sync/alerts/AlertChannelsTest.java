package com.centrovision.sync.alerts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.config.Alerts;
import com.centrovision.sync.config.Alerts.Security;
import com.centrovision.sync.config.Severity;
import com.centrovision.sync.testing.Receiver;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.internet.MimeMessage;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each channel's route against a real server of its kind, as {@code alerts test} sends over it. */
class AlertChannelsTest {
    private static final String TELEGRAM = "alerts.telegram_address";
    private static final String WHATSAPP = "alerts.whatsapp_address";
    private static final Channel MAIL = new Channel("mail", Severity.WARNING);
    private static final Channel WEB = new Channel("webhook", Severity.WARNING);
    private static final Channel CHAT = new Channel("telegram", Severity.WARNING);
    private static final Channel PHONE = new Channel("whatsapp", Severity.WARNING);

    private final GreenMail mail = new GreenMail(ServerSetup.SMTP.dynamicPort());
    private final Receiver receiver = new Receiver();

    @BeforeEach
    void servers() {
        mail.start();
        mail.setUser("alertas@clinica.hn", "alertas", "cl{{ave");
        System.setProperty(TELEGRAM, receiver.address());
        System.setProperty(WHATSAPP, receiver.address());
    }

    @AfterEach
    void stop() {
        System.clearProperty(TELEGRAM);
        System.clearProperty(WHATSAPP);
        receiver.close();
        mail.stop();
    }

    @Test
    void everyChannelDeliversAndSaysWhoRefuses() throws Exception {
        MimeMessage message;
        try (var trial = trial(smtp(mail.getSmtp().getPort(), Security.NONE, "cl{{ave"), Optional.of("sync_alert"))) {
            assertEquals(Optional.empty(), trial.send(MAIL));
            assertEquals(Optional.empty(), trial.send(WEB));
            receiver.answering(200, "{\"ok\":true,\"result\":{\"message_id\":1,\"date\":1,\"chat\":{\"id\":1}}}");
            assertEquals(Optional.empty(), trial.send(CHAT));
            receiver.answering(
                    200, "{\"messaging_product\":\"whatsapp\",\"contacts\":[],\"messages\":[{\"id\":\"m\"}]}");
            assertEquals(Optional.empty(), trial.send(PHONE));

            receiver.answering(503, "the answer may hold anything");
            assertEquals(Optional.of("refused 503"), trial.send(WEB));
            assertEquals(Optional.of("refused 503"), trial.send(CHAT));
            assertEquals(Optional.of("refused 503"), trial.send(PHONE));
            receiver.answering(302, "");
            assertEquals(Optional.of("refused 302"), trial.send(WEB));

            message = mail.getReceivedMessages()[0];
            receiver.close();
            for (var channel : List.of(WEB, CHAT, PHONE)) {
                assertEquals(Optional.of("no-answer ConnectException"), trial.send(channel), channel.name());
            }
            mail.stop();
            assertTrue(trial.send(MAIL).orElseThrow().startsWith("no-answer"));
        }

        assertEquals("[CentroVision Clínica Ñ] Aviso: mensaje de prueba", message.getSubject());
        assertTrue(message.getContent()
                .toString()
                .startsWith("Este es un mensaje de prueba del servicio de sincronización"));
        assertEquals("sync@clinica.hn", message.getFrom()[0].toString());
        assertEquals(2, message.getAllRecipients().length);

        var posted = receiver.received().get(0);
        var body = new ObjectMapper().readTree(posted.body());
        assertEquals("/hook/s3cret-path?x=1", posted.path());
        assertEquals("test", body.get("key").asText());
        assertEquals("raised", body.get("stage").asText());
        assertEquals("Clínica Ñ", body.get("clinic").asText());
        assertEquals(body.get("id").asText(), posted.header("X-Centrovision-Id"));
        assertEquals(
                "sha256=" + hmac("web-secret", posted.header("X-Centrovision-Timestamp") + "." + posted.body()),
                posted.header("X-Centrovision-Signature"));

        var chat = receiver.received().get(1);
        assertEquals("/bot123:telegram-token/sendMessage", chat.path());
        assertTrue(chat.body().contains("-1001") && chat.body().contains("mensaje de prueba"), chat.body());

        var phone = receiver.received().get(2);
        assertTrue(phone.path().endsWith("/555/messages"), phone.path());
        assertEquals("Bearer whatsapp-token", phone.header("Authorization"));
        var template = new ObjectMapper().readTree(phone.body()).get("template");
        assertEquals("sync_alert", template.get("name").asText());
        assertEquals("es", template.at("/language/code").asText());
        assertTrue(template.at("/components/0/parameters/0/text").asText().contains("mensaje de prueba"));
    }

    @Test
    void plainTextGoesOverWhatsappWithoutATemplate() throws Exception {
        try (var trial = trial(smtp(1, Security.NONE, "x"), Optional.empty())) {
            assertEquals(Optional.empty(), trial.send(PHONE));
        }

        var body = new ObjectMapper().readTree(receiver.received().get(0).body());
        assertEquals("text", body.get("type").asText());
        assertTrue(body.at("/text/body").asText().contains("mensaje de prueba"));
    }

    @Test
    void mailIsNotSentWithAWrongPasswordNorOverALineThatIsNotSecured() {
        assertEquals("login-refused", failure(smtp(mail.getSmtp().getPort(), Security.NONE, "wrong")));
        assertEquals(
                "refused MessagingException", failure(smtp(mail.getSmtp().getPort(), Security.STARTTLS, "cl{{ave")));
        assertEquals("tls", failure(smtp(mail.getSmtp().getPort(), Security.TLS, "cl{{ave")));
        assertEquals(0, mail.getReceivedMessages().length);
    }

    private String failure(Alerts.Mail settings) {
        try (var trial = trial(settings, Optional.empty())) {
            return trial.send(MAIL).orElseThrow();
        }
    }

    private static Alerts.Mail smtp(int port, Security security, String password) {
        return new Alerts.Mail(
                "127.0.0.1",
                port,
                security,
                Optional.of(new Alerts.Login("alertas", password)),
                "sync@clinica.hn",
                "uno@clinica.hn, dos@clinica.hn",
                Severity.WARNING);
    }

    private AlertTrial trial(Alerts.Mail settings, Optional<String> template) {
        var defaults = Alerts.defaults();
        var trial = new AlertTrial(
                new Alerts(
                        Locale.forLanguageTag("es"),
                        Optional.of("Clínica Ñ"),
                        defaults.reminder(),
                        Optional.empty(),
                        defaults.limits(),
                        Optional.empty(),
                        Optional.of(settings),
                        Optional.of(new Alerts.Webhook(
                                URI.create(receiver.address() + "/hook/s3cret-path?x=1"), "web-secret", Severity.INFO)),
                        Optional.of(new Alerts.Telegram("123:telegram-token", "-1001", Severity.INFO)),
                        Optional.of(new Alerts.Whatsapp(
                                "whatsapp-token", "555", "50499999999", template, "es", Severity.INFO))),
                Path.of("").toAbsolutePath());
        trial.start();
        return trial;
    }

    private static String hmac(String secret, String text) throws Exception {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    }
}
