package com.centrovision.sync.config;

import static java.nio.file.attribute.PosixFilePermission.OTHERS_READ;

import com.centrovision.sync.config.Config.Keep;
import com.centrovision.sync.config.Config.LocalPostgres;
import com.centrovision.sync.config.Config.Logging;
import com.centrovision.sync.config.Config.Reconcile;
import com.centrovision.sync.config.Config.Supabase;
import com.centrovision.sync.config.Config.Sync;
import com.centrovision.sync.problem.Nearest;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import com.centrovision.sync.problem.Text;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tomlj.Toml;
import org.tomlj.TomlTable;

/** Reads config.toml and the environment variables that stand above it. Nothing but a Problem comes out of it. */
public final class ConfigFile {
    private static final long LARGEST_BYTES = 1 << 20;
    private static final Set<String> NOT_KEYS = Set.of("CENTROVISION_SYNC_HOME", "CENTROVISION_SYNC_LANG");

    private ConfigFile() {}

    /** The whole configuration, or a Problem with a line for each thing that is wrong. */
    public static Config read(Path file, Map<String, String> environment) {
        return read(file, content(file), environment);
    }

    /** The same of a text that is to become the file. */
    public static Config read(Path file, String text, Map<String, String> environment) {
        var settings = new Settings(file, parse(file, text), environment);
        return new Config(
                new Supabase(settings.get(Key.SUPABASE_URL), settings.get(Key.SUPABASE_SERVICE_KEY)),
                new LocalPostgres(
                        settings.get(Key.POSTGRES_HOST),
                        settings.get(Key.POSTGRES_PORT),
                        settings.get(Key.POSTGRES_DATABASE),
                        settings.get(Key.POSTGRES_USER),
                        settings.get(Key.POSTGRES_PASSWORD)),
                new Sync(
                        settings.get(Key.SYNC_INTERVAL),
                        settings.get(Key.SYNC_MODE),
                        settings.get(Key.SYNC_BATCH),
                        settings.get(Key.SYNC_ATTEMPTS),
                        settings.get(Key.SYNC_RETRY_DELAY),
                        settings.get(Key.SYNC_PAGE_ROWS),
                        settings.get(Key.SYNC_OVERLAP),
                        settings.get(Key.SYNC_DOWN),
                        settings.get(Key.SYNC_UP)),
                new Reconcile(
                        settings.get(Key.SYNC_RECONCILE),
                        settings.get(Key.SYNC_NIGHT),
                        settings.get(Key.SYNC_DELETE_ROWS),
                        settings.get(Key.SYNC_DELETE_PERCENT)),
                new Keep(settings.get(Key.KEEP_SYNCED), settings.get(Key.KEEP_LOG), settings.get(Key.KEEP_CONFLICTS)),
                new Logging(
                        settings.get(Key.LOG_LEVEL),
                        settings.get(Key.LOG_FILE),
                        settings.get(Key.LOG_SIZE),
                        settings.get(Key.LOG_FILES)),
                alerts(settings),
                console(settings),
                backup(settings),
                storage(settings));
    }

    private static Config.Backup backup(Settings settings) {
        return new Config.Backup(
                settings.get(Key.BACKUP_KEY).orElse(List.of()),
                settings.get(Key.BACKUP_FOLDER),
                settings.get(Key.BACKUP_COPY),
                settings.get(Key.BACKUP_HOUR),
                new Config.Retention(
                        settings.get(Key.BACKUP_DAILY),
                        settings.get(Key.BACKUP_WEEKLY),
                        settings.get(Key.BACKUP_MONTHLY),
                        settings.get(Key.BACKUP_LEAST)),
                settings.get(Key.BACKUP_MAX_AGE),
                settings.get(Key.BACKUP_PROGRAMS));
    }

    private static Config.Storage storage(Settings settings) {
        return new Config.Storage(
                settings.get(Key.STORAGE_ENABLED),
                settings.get(Key.STORAGE_BUCKETS),
                settings.get(Key.STORAGE_DIRECTORY),
                settings.get(Key.STORAGE_INTERVAL),
                settings.get(Key.STORAGE_BANDWIDTH),
                settings.get(Key.STORAGE_NIGHT),
                settings.get(Key.STORAGE_LARGEST),
                settings.get(Key.KEEP_TRASH));
    }

    private static Config.Console console(Settings settings) {
        return new Config.Console(
                settings.get(Key.CONSOLE_HOST),
                settings.get(Key.CONSOLE_PORT),
                settings.get(Key.CONSOLE_TOKEN),
                settings.get(Key.CONSOLE_TLS_FILE)
                        .map(file -> new Config.Tls(
                                file, settings.get(Key.CONSOLE_TLS_PASSWORD).orElseThrow())),
                settings.get(Key.CONSOLE_INSPECTION));
    }

    private static Alerts alerts(Settings settings) {
        return new Alerts(
                settings.get(Key.ALERT_LANGUAGE),
                settings.get(Key.ALERT_CLINIC),
                settings.get(Key.ALERT_REMINDER),
                settings.get(Key.ALERT_QUIET),
                new Alerts.Limits(
                        settings.get(Key.ALERT_ERRORS),
                        settings.get(Key.ALERT_NO_SYNC),
                        settings.get(Key.ALERT_PENDING),
                        settings.get(Key.ALERT_SKEW),
                        settings.get(Key.ALERT_DISK)),
                settings.get(Key.ALERT_PING),
                settings.get(Key.MAIL_HOST).map(host -> mail(settings, host)),
                settings.get(Key.WEBHOOK_URL)
                        .map(url -> new Alerts.Webhook(
                                url,
                                settings.get(Key.WEBHOOK_SECRET).orElseThrow(),
                                settings.get(Key.WEBHOOK_SEVERITY))),
                settings.get(Key.TELEGRAM_TOKEN)
                        .map(token -> new Alerts.Telegram(
                                token,
                                settings.get(Key.TELEGRAM_CHAT).orElseThrow(),
                                settings.get(Key.TELEGRAM_SEVERITY))),
                settings.get(Key.WHATSAPP_TOKEN).map(token -> whatsapp(settings, token)));
    }

    private static Alerts.Mail mail(Settings settings, String host) {
        return new Alerts.Mail(
                host,
                settings.get(Key.MAIL_PORT),
                settings.get(Key.MAIL_SECURITY),
                settings.get(Key.MAIL_USER)
                        .map(user -> new Alerts.Login(
                                user, settings.get(Key.MAIL_PASSWORD).orElseThrow())),
                settings.get(Key.MAIL_FROM).orElseThrow(),
                settings.get(Key.MAIL_TO).orElseThrow(),
                settings.get(Key.MAIL_SEVERITY));
    }

    private static Alerts.Whatsapp whatsapp(Settings settings, String token) {
        return new Alerts.Whatsapp(
                token,
                settings.get(Key.WHATSAPP_FROM).orElseThrow(),
                settings.get(Key.WHATSAPP_TO).orElseThrow(),
                settings.get(Key.WHATSAPP_TEMPLATE),
                settings.get(Key.WHATSAPP_LANGUAGE),
                settings.get(Key.WHATSAPP_SEVERITY));
    }

    /** What deserves a line in the log but stops nothing. */
    public static List<Text> warnings(Path file, Map<String, String> environment) {
        var warnings = new ArrayList<Text>();
        if (isReadableByOthers(file)) {
            warnings.add(Text.of("config.readable-by-others", file));
        }
        var known = Key.ALL.stream().map(Key::variable).toList();
        environment.keySet().stream()
                .filter(name -> Key.SECTIONS.stream().anyMatch(section -> name.startsWith(Key.variable(section, ""))))
                .filter(name -> !known.contains(name) && !NOT_KEYS.contains(name))
                .sorted()
                .map(name -> Text.of("config.unknown-variable", name, Nearest.to(name, known)))
                .forEach(warnings::add);
        return warnings;
    }

    /** Whether any user of this machine may read the secrets; false where files have no POSIX rights. */
    public static boolean isReadableByOthers(Path file) {
        try {
            return Files.getPosixFilePermissions(file).contains(OTHERS_READ);
        } catch (UnsupportedOperationException | IOException unknown) {
            return false;
        }
    }

    /** The parser's own words are left out: they quote what is written, which may be a secret without its quotes. */
    private static TomlTable parse(Path file, String text) {
        try {
            var toml = Toml.parse(text);
            if (toml.hasErrors()) {
                var place = toml.errors().get(0).position();
                throw new Problem(ProblemCode.CONFIG_MALFORMED, file.getFileName(), place.line(), place.column());
            }
            return toml;
        } catch (StackOverflowError nested) {
            throw unreadable(file, "config.is-too-deep").causedBy(nested);
        }
    }

    private static String content(Path file) {
        if (Files.notExists(file)) {
            throw new Problem(ProblemCode.CONFIG_FILE_MISSING, file, file.resolveSibling("config.toml.example"));
        }
        if (Files.isDirectory(file)) {
            throw unreadable(file, "config.is-a-folder");
        }
        try {
            if (Files.size(file) > LARGEST_BYTES) {
                throw unreadable(file, "config.is-too-large");
            }
            return Files.readString(file).replaceFirst("^\uFEFF", "");
        } catch (CharacterCodingException exception) {
            throw unreadable(file, "config.is-not-utf8").causedBy(exception);
        } catch (IOException exception) {
            throw unreadable(file, "config.is-closed").causedBy(exception);
        }
    }

    private static Problem unreadable(Path file, String reason) {
        return new Problem(ProblemCode.CONFIG_UNREADABLE, file, Text.of(reason));
    }
}
