package com.centrovision.sync.config;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** When an alert is raised, how it is told, and over which channels; a channel that is not filled in is off. */
public record Alerts(
        Locale language,
        Optional<String> clinic,
        Duration reminder,
        Optional<QuietHours> quietHours,
        Limits limits,
        Optional<URI> ping,
        Optional<Mail> mail,
        Optional<Webhook> webhook,
        Optional<Telegram> telegram,
        Optional<Whatsapp> whatsapp) {

    /** What is still no problem. */
    public record Limits(int errorsInARow, Duration noSync, int pending, Duration skew, int freeDiskMb) {}

    /** How the line to the mail server is secured. */
    public enum Security {
        STARTTLS,
        TLS,
        NONE
    }

    public record Login(String user, String password) {
        @Override
        public String toString() {
            return "Login[" + user + "]";
        }
    }

    /** @param to one address or several, with commas between them */
    public record Mail(
            String host,
            int port,
            Security security,
            Optional<Login> login,
            String from,
            String to,
            Severity minSeverity) {}

    /** The address itself may be the key to what is behind it. */
    public record Webhook(URI url, String secret, Severity minSeverity) {
        @Override
        public String toString() {
            return "Webhook[" + url.getHost() + "]";
        }
    }

    public record Telegram(String token, String chatId, Severity minSeverity) {
        @Override
        public String toString() {
            return "Telegram[" + chatId + "]";
        }
    }

    /** @param template without one, the text goes as it is, which WhatsApp delivers only within a conversation */
    public record Whatsapp(
            String token,
            String phoneNumberId,
            String to,
            Optional<String> template,
            String templateLanguage,
            Severity minSeverity) {
        @Override
        public String toString() {
            return "Whatsapp[" + phoneNumberId + "]";
        }
    }

    Stream<String> secrets() {
        return Stream.of(
                        ping.map(URI::toString).stream(),
                        mail.flatMap(Mail::login).map(Login::password).stream(),
                        webhook.map(Webhook::secret).stream(),
                        webhook.map(hook -> hook.url().toString()).stream(),
                        telegram.map(Telegram::token).stream(),
                        whatsapp.map(Whatsapp::token).stream())
                .flatMap(found -> found);
    }

    /** The defaults: everything is watched, and told in the log and in {@code status} alone. */
    public static Alerts defaults() {
        return new Alerts(
                Locale.forLanguageTag("es"),
                Optional.empty(),
                Duration.ofHours(6),
                Optional.empty(),
                new Limits(5, Duration.ofMinutes(5), 100, Duration.ofSeconds(60), 1024),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    @Override
    public String toString() {
        return "Alerts[" + mail + ", " + webhook + ", " + telegram + ", " + whatsapp + "]";
    }
}
