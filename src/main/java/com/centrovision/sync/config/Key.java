package com.centrovision.sync.config;

import com.centrovision.sync.problem.Nearest;
import com.centrovision.sync.problem.Text;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.event.Level;

/**
 * A key of config.toml. The list of all of them drives reading, checking, the environment, the suggestions and
 * {@code config.toml.example}; the line of why stands in the bundles under {@code config.<section>.<name>}.
 *
 * @param sample what holds when nothing is written; for a required key, what the example shows and nobody may leave
 */
record Key<T>(String section, String name, Kind<T> kind, String sample, boolean required, boolean secret) {
    static final Key<URI> SUPABASE_URL = required("supabase", "url", Kind.address(), "https://PROJECT.supabase.co");
    static final Key<String> SUPABASE_SERVICE_KEY = secret("supabase", "service_key", Kind.serviceKey());

    static final Key<String> POSTGRES_HOST = optional("local_postgres", "host", Kind.word(), "localhost");
    static final Key<Integer> POSTGRES_PORT = optional("local_postgres", "port", Kind.whole(1, 65535), "5432");
    static final Key<String> POSTGRES_DATABASE = optional("local_postgres", "database", Kind.text(), "centrovision");
    static final Key<String> POSTGRES_USER = optional("local_postgres", "user", Kind.text(), "centrovision_app");
    static final Key<String> POSTGRES_PASSWORD = secret("local_postgres", "password", Kind.text());

    static final Key<Duration> SYNC_INTERVAL = optional("sync", "interval_seconds", Kind.seconds(1, 86400), "30");
    static final Key<CloudMode> SYNC_MODE = optional("sync", "mode", Kind.mode(), "auto");
    static final Key<Integer> SYNC_BATCH = optional("sync", "batch_size", Kind.whole(1, 10000), "100");
    static final Key<Integer> SYNC_ATTEMPTS = optional("sync", "retry_max_attempts", Kind.whole(1, 100), "3");
    static final Key<Duration> SYNC_RETRY_DELAY = optional("sync", "retry_delay_seconds", Kind.seconds(0, 3600), "5");
    static final Key<Integer> SYNC_PAGE_ROWS = optional("sync", "page_rows", Kind.whole(1, 10000), "1000");
    static final Key<Duration> SYNC_OVERLAP = optional("sync", "overlap_seconds", Kind.seconds(0, 86400), "300");
    static final Key<Integer> SYNC_DOWN = optional("sync", "down_connections", Kind.whole(1, 64), "4");
    static final Key<Integer> SYNC_UP = optional("sync", "up_connections", Kind.whole(1, 64), "32");

    static final Key<Duration> SYNC_RECONCILE = optional("sync", "reconcile_minutes", Kind.minutes(1, 1440), "5");
    static final Key<Integer> SYNC_NIGHT = optional("sync", "night_hour", Kind.whole(0, 23), "2");
    static final Key<Integer> SYNC_DELETE_ROWS = optional("sync", "max_delete_rows", Kind.whole(0, 1000000), "50");
    static final Key<Integer> SYNC_DELETE_PERCENT = optional("sync", "max_delete_percent", Kind.whole(0, 100), "5");
    static final Key<Integer> KEEP_SYNCED = optional("sync", "keep_synced_days", Kind.whole(1, 3650), "7");
    static final Key<Integer> KEEP_LOG = optional("sync", "keep_log_days", Kind.whole(1, 3650), "30");
    static final Key<Integer> KEEP_CONFLICTS = optional("sync", "keep_conflicts_days", Kind.whole(1, 36500), "365");

    static final Key<Boolean> STORAGE_ENABLED = optional("storage", "enabled", Kind.yesOrNo(), "false");
    static final Key<List<String>> STORAGE_BUCKETS = optional("storage", "buckets", Kind.buckets(), "estudios");
    static final Key<Path> STORAGE_DIRECTORY =
            optional("storage", "directory", Kind.file(), Folders.HERE.state() + "/files");
    static final Key<Duration> STORAGE_INTERVAL =
            optional("storage", "interval_seconds", Kind.seconds(1, 86400), "300");
    static final Key<Integer> STORAGE_BANDWIDTH =
            optional("storage", "max_bandwidth_kbps", Kind.whole(0, 10000000), "0");
    static final Key<Optional<QuietHours>> STORAGE_NIGHT = maybe("storage", "night_window", Kind.quietHours());
    static final Key<Integer> STORAGE_LARGEST = optional("storage", "max_file_mb", Kind.whole(1, 51200), "1024");
    static final Key<Integer> KEEP_TRASH = optional("storage", "keep_trash_days", Kind.whole(1, 3650), "30");

    static final Key<Level> LOG_LEVEL = optional("logging", "level", Kind.level(), "info");
    static final Key<Path> LOG_FILE = optional("logging", "file", Kind.file(), Folders.HERE.log() + "/sync.log");
    static final Key<Integer> LOG_SIZE = optional("logging", "max_size_mb", Kind.whole(1, 1024), "10");
    /** Logback's window is 20 files wide, and a log that rolls needs two. */
    static final Key<Integer> LOG_FILES = optional("logging", "max_files", Kind.whole(2, 20), "5");

    static final Key<String> CONSOLE_HOST = optional("console", "host", Kind.word(), "127.0.0.1");
    static final Key<Integer> CONSOLE_PORT = optional("console", "port", Kind.whole(0, 65535), "8087");
    static final Key<Optional<String>> CONSOLE_TOKEN = secretMaybe("console", "token", Kind.token());
    static final Key<Optional<Path>> CONSOLE_TLS_FILE = maybe("console", "tls_file", Kind.file());
    static final Key<Optional<String>> CONSOLE_TLS_PASSWORD = secretMaybe("console", "tls_password", Kind.text());
    static final Key<Config.Inspection> CONSOLE_INSPECTION =
            optional("console", "inspection", Kind.oneOf(Config.Inspection.class, "config.inspection"), "read");

    static final Key<Optional<List<String>>> BACKUP_KEY = maybe("backup", "public_key", Kind.publicKeys());
    static final Key<Path> BACKUP_FOLDER = optional("backup", "folder", Kind.file(), Folders.HERE.state() + "/backups");
    static final Key<Optional<Path>> BACKUP_COPY = maybe("backup", "copy_folder", Kind.file());
    static final Key<Integer> BACKUP_HOUR = optional("backup", "hour", Kind.whole(0, 23), "1");
    static final Key<Integer> BACKUP_DAILY = optional("backup", "keep_daily", Kind.whole(1, 366), "7");
    static final Key<Integer> BACKUP_WEEKLY = optional("backup", "keep_weekly", Kind.whole(0, 520), "4");
    static final Key<Integer> BACKUP_MONTHLY = optional("backup", "keep_monthly", Kind.whole(0, 120), "12");
    static final Key<Integer> BACKUP_LEAST = optional("backup", "keep_at_least", Kind.whole(1, 1000), "5");
    static final Key<Duration> BACKUP_MAX_AGE = optional("backup", "max_age_hours", Kind.hours(2, 720), "26");
    static final Key<Optional<Path>> BACKUP_PROGRAMS = maybe("backup", "program_folder", Kind.file());

    static final Key<Locale> ALERT_LANGUAGE = optional("alerts", "language", Kind.language(), "es");
    static final Key<Optional<String>> ALERT_CLINIC = maybe("alerts", "clinic", Kind.text());
    static final Key<Duration> ALERT_REMINDER = optional("alerts", "reminder_hours", Kind.hours(1, 720), "6");
    static final Key<Optional<QuietHours>> ALERT_QUIET = maybe("alerts", "quiet_hours", Kind.quietHours());
    static final Key<Integer> ALERT_ERRORS = optional("alerts", "errors_in_a_row", Kind.whole(1, 1000), "5");
    static final Key<Duration> ALERT_NO_SYNC = optional("alerts", "no_sync_minutes", Kind.minutes(1, 10080), "5");
    static final Key<Integer> ALERT_PENDING = optional("alerts", "max_pending", Kind.whole(0, 10000000), "100");
    static final Key<Duration> ALERT_SKEW = optional("alerts", "max_skew_seconds", Kind.seconds(2, 86400), "60");
    static final Key<Integer> ALERT_DISK = optional("alerts", "min_free_disk_mb", Kind.whole(0, 1000000), "1024");
    static final Key<Optional<URI>> ALERT_PING = secretMaybe("alerts", "ping_url", Kind.link());

    static final Key<Optional<String>> MAIL_HOST = maybe("alerts_mail", "host", Kind.word());
    static final Key<Integer> MAIL_PORT = optional("alerts_mail", "port", Kind.whole(1, 65535), "587");
    static final Key<Alerts.Security> MAIL_SECURITY =
            optional("alerts_mail", "security", Kind.oneOf(Alerts.Security.class, "config.security"), "starttls");
    static final Key<Optional<String>> MAIL_USER = maybe("alerts_mail", "user", Kind.text());
    static final Key<Optional<String>> MAIL_PASSWORD = secretMaybe("alerts_mail", "password", Kind.text());
    static final Key<Optional<String>> MAIL_FROM = maybe("alerts_mail", "from", Kind.mailAddresses());
    static final Key<Optional<String>> MAIL_TO = maybe("alerts_mail", "to", Kind.mailAddresses());
    static final Key<Severity> MAIL_SEVERITY = severity("alerts_mail");

    static final Key<Optional<URI>> WEBHOOK_URL = secretMaybe("alerts_webhook", "url", Kind.link());
    static final Key<Optional<String>> WEBHOOK_SECRET = secretMaybe("alerts_webhook", "secret", Kind.text());
    static final Key<Severity> WEBHOOK_SEVERITY = severity("alerts_webhook");

    static final Key<Optional<String>> TELEGRAM_TOKEN = secretMaybe("alerts_telegram", "token", Kind.word());
    static final Key<Optional<String>> TELEGRAM_CHAT = maybe("alerts_telegram", "chat_id", Kind.word());
    static final Key<Severity> TELEGRAM_SEVERITY = severity("alerts_telegram");

    static final Key<Optional<String>> WHATSAPP_TOKEN = secretMaybe("alerts_whatsapp", "token", Kind.word());
    static final Key<Optional<String>> WHATSAPP_FROM = maybe("alerts_whatsapp", "phone_number_id", Kind.word());
    static final Key<Optional<String>> WHATSAPP_TO = maybe("alerts_whatsapp", "to", Kind.phone());
    static final Key<Optional<String>> WHATSAPP_TEMPLATE = maybe("alerts_whatsapp", "template", Kind.word());
    static final Key<String> WHATSAPP_LANGUAGE = optional("alerts_whatsapp", "template_language", Kind.word(), "es");
    static final Key<Severity> WHATSAPP_SEVERITY = severity("alerts_whatsapp");

    /** Where one key of {@code anyOf} is filled in, all that are {@code needed} must be. */
    record Together(List<Key<?>> needed, List<Key<?>> anyOf) {}

    static final List<Together> TOGETHER = List.of(
            new Together(
                    List.of(CONSOLE_TLS_FILE, CONSOLE_TLS_PASSWORD), List.of(CONSOLE_TLS_FILE, CONSOLE_TLS_PASSWORD)),
            new Together(
                    List.of(MAIL_HOST, MAIL_FROM, MAIL_TO),
                    List.of(MAIL_HOST, MAIL_FROM, MAIL_TO, MAIL_USER, MAIL_PASSWORD)),
            new Together(List.of(MAIL_USER, MAIL_PASSWORD), List.of(MAIL_USER, MAIL_PASSWORD)),
            new Together(List.of(WEBHOOK_URL, WEBHOOK_SECRET), List.of(WEBHOOK_URL, WEBHOOK_SECRET)),
            new Together(List.of(TELEGRAM_TOKEN, TELEGRAM_CHAT), List.of(TELEGRAM_TOKEN, TELEGRAM_CHAT)),
            new Together(
                    List.of(WHATSAPP_TOKEN, WHATSAPP_FROM, WHATSAPP_TO),
                    List.of(WHATSAPP_TOKEN, WHATSAPP_FROM, WHATSAPP_TO, WHATSAPP_TEMPLATE)));

    /** In the order of the example. */
    static final List<Key<?>> ALL = List.of(
            SUPABASE_URL,
            SUPABASE_SERVICE_KEY,
            POSTGRES_HOST,
            POSTGRES_PORT,
            POSTGRES_DATABASE,
            POSTGRES_USER,
            POSTGRES_PASSWORD,
            SYNC_INTERVAL,
            SYNC_MODE,
            SYNC_BATCH,
            SYNC_ATTEMPTS,
            SYNC_RETRY_DELAY,
            SYNC_PAGE_ROWS,
            SYNC_OVERLAP,
            SYNC_DOWN,
            SYNC_UP,
            SYNC_RECONCILE,
            SYNC_NIGHT,
            SYNC_DELETE_ROWS,
            SYNC_DELETE_PERCENT,
            KEEP_SYNCED,
            KEEP_LOG,
            KEEP_CONFLICTS,
            STORAGE_ENABLED,
            STORAGE_BUCKETS,
            STORAGE_DIRECTORY,
            STORAGE_INTERVAL,
            STORAGE_BANDWIDTH,
            STORAGE_NIGHT,
            STORAGE_LARGEST,
            KEEP_TRASH,
            LOG_LEVEL,
            LOG_FILE,
            LOG_SIZE,
            LOG_FILES,
            CONSOLE_HOST,
            CONSOLE_PORT,
            CONSOLE_TOKEN,
            CONSOLE_TLS_FILE,
            CONSOLE_TLS_PASSWORD,
            CONSOLE_INSPECTION,
            BACKUP_KEY,
            BACKUP_FOLDER,
            BACKUP_COPY,
            BACKUP_HOUR,
            BACKUP_DAILY,
            BACKUP_WEEKLY,
            BACKUP_MONTHLY,
            BACKUP_LEAST,
            BACKUP_MAX_AGE,
            BACKUP_PROGRAMS,
            ALERT_LANGUAGE,
            ALERT_CLINIC,
            ALERT_REMINDER,
            ALERT_QUIET,
            ALERT_ERRORS,
            ALERT_NO_SYNC,
            ALERT_PENDING,
            ALERT_SKEW,
            ALERT_DISK,
            ALERT_PING,
            MAIL_HOST,
            MAIL_PORT,
            MAIL_SECURITY,
            MAIL_USER,
            MAIL_PASSWORD,
            MAIL_FROM,
            MAIL_TO,
            MAIL_SEVERITY,
            WEBHOOK_URL,
            WEBHOOK_SECRET,
            WEBHOOK_SEVERITY,
            TELEGRAM_TOKEN,
            TELEGRAM_CHAT,
            TELEGRAM_SEVERITY,
            WHATSAPP_TOKEN,
            WHATSAPP_FROM,
            WHATSAPP_TO,
            WHATSAPP_TEMPLATE,
            WHATSAPP_LANGUAGE,
            WHATSAPP_SEVERITY);

    static final List<String> SECTIONS =
            ALL.stream().map(Key::section).distinct().toList();

    static boolean exists(String section, String name) {
        return ALL.stream().anyMatch(key -> key.section.equals(section) && key.name.equals(name));
    }

    /** The key somebody meant: one of the section they wrote in, unless another section has exactly that name. */
    static Key<?> nearest(String section, String name) {
        var here = ALL.stream().filter(key -> key.section.equals(section)).toList();
        return ALL.stream()
                .filter(key -> key.name.equals(name))
                .findFirst()
                .orElseGet(() -> Nearest.to(name, here.isEmpty() ? ALL : here, Key::name));
    }

    static String variable(String section, String name) {
        return ("CENTROVISION_" + section + "_" + name).toUpperCase(Locale.ROOT);
    }

    String variable() {
        return variable(section, name);
    }

    String qualifiedName() {
        return section + "." + name;
    }

    /** What it is for, in one line. */
    Text description() {
        return Text.of("config." + qualifiedName());
    }

    /** Whether somebody wrote something else than the example shows. */
    boolean isFilledIn(Object written) {
        return !written.toString().isBlank() && !written.equals(sample);
    }

    private static <T> Key<T> optional(String section, String name, Kind<T> kind, String sample) {
        return new Key<>(section, name, kind, sample, false, false);
    }

    private static <T> Key<T> required(String section, String name, Kind<T> kind, String sample) {
        return new Key<>(section, name, kind, sample, true, false);
    }

    private static <T> Key<Optional<T>> maybe(String section, String name, Kind<T> kind) {
        return new Key<>(section, name, Kind.maybe(kind), "", false, false);
    }

    private static <T> Key<Optional<T>> secretMaybe(String section, String name, Kind<T> kind) {
        return new Key<>(section, name, Kind.maybe(kind), "", false, true);
    }

    private static Key<Severity> severity(String section) {
        return optional(section, "min_severity", Kind.oneOf(Severity.class, "config.severity"), "warning");
    }

    private static <T> Key<T> secret(String section, String name, Kind<T> kind) {
        return new Key<>(section, name, kind, "", true, true);
    }
}
