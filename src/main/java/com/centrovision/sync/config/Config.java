package com.centrovision.sync.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.event.Level;

/** What config.toml and the environment say, checked and complete. Its texts never show a secret. */
public record Config(
        Supabase supabase,
        LocalPostgres localPostgres,
        Sync sync,
        Reconcile reconcile,
        Keep keep,
        Logging logging,
        Alerts alerts,
        Console console,
        Backup backup,
        Storage storage) {

    /** With alerts as they are when nothing is written about them, and without a console. */
    public Config(
            Supabase supabase,
            LocalPostgres localPostgres,
            Sync sync,
            Reconcile reconcile,
            Keep keep,
            Logging logging) {
        this(supabase, localPostgres, sync, reconcile, keep, logging, Alerts.defaults(), Console.OFF);
    }

    /** Without backups and study files. */
    public Config(
            Supabase supabase,
            LocalPostgres localPostgres,
            Sync sync,
            Reconcile reconcile,
            Keep keep,
            Logging logging,
            Alerts alerts,
            Console console) {
        this(supabase, localPostgres, sync, reconcile, keep, logging, alerts, console, Backup.OFF, Storage.OFF);
    }

    /** All that nobody may be shown. */
    public List<String> secrets() {
        return Stream.of(
                        Stream.of(supabase.serviceKey(), localPostgres.password()),
                        console.token().stream(),
                        console.tls().map(Tls::password).stream(),
                        alerts.secrets())
                .flatMap(found -> found)
                .toList();
    }

    /** The cloud: the project's address without a path, and the key that opens it. */
    public record Supabase(URI url, String serviceKey) {
        @Override
        public String toString() {
            return "Supabase[url=" + url + "]";
        }
    }

    /** The clinic's own server. */
    public record LocalPostgres(String host, int port, String database, String user, String password) {
        @Override
        public String toString() {
            return "LocalPostgres[" + user + "@" + host + ":" + port + "/" + database + "]";
        }
    }

    /** How often, how much at a time, and how stubbornly. */
    public record Sync(
            Duration interval,
            CloudMode mode,
            int batchSize,
            int retryMaxAttempts,
            Duration retryDelay,
            int pageRows,
            Duration overlap,
            int downConnections,
            int upConnections) {}

    /**
     * How often both sides are counted, the hour of the nightly comparison in the clinic's time zone, and how many rows of
     * a table may vanish at once before a person is asked.
     */
    public record Reconcile(Duration every, int nightHour, int maxDeleteRows, int maxDeletePercent) {}

    /** How many days the control tables keep what is done with. */
    public record Keep(int syncedDays, int logDays, int conflictsDays) {}

    /** Where the log goes; {@code maxFiles} counts the one being written. */
    public record Logging(Level level, Path file, int maxSizeMb, int maxFiles) {}

    /** Where the console listens, with port 0 nowhere; the token opens it off the loopback interface. */
    public record Console(String host, int port, Optional<String> token, Optional<Tls> tls, Inspection inspection) {
        public static final Console OFF = new Console("127.0.0.1", 0, Optional.empty(), Optional.empty());

        /** Where the service is looked into and nothing more. */
        public Console(String host, int port, Optional<String> token, Optional<Tls> tls) {
            this(host, port, token, tls, Inspection.READ);
        }

        @Override
        public String toString() {
            return "Console[" + host + ":" + port + "]";
        }
    }

    /**
     * Which of the cloud's files the clinic keeps, and where.
     *
     * @param maxBandwidthKbps kilobits per second; 0 is no limit. In the night window there is none either.
     */
    public record Storage(
            boolean enabled,
            List<String> buckets,
            Path directory,
            Duration interval,
            int maxBandwidthKbps,
            Optional<QuietHours> nightWindow,
            int maxFileMb,
            int keepTrashDays) {
        public static final Storage OFF = new Storage(
                false,
                List.of("estudios"),
                Path.of(Folders.HERE.state(), "files"),
                Duration.ofMinutes(5),
                0,
                Optional.empty(),
                1024,
                30);
    }

    /** Whether who looks into the running service may stop and start its routes, too. */
    public enum Inspection {
        READ,
        OPERATE
    }

    /**
     * Where backups go and how long they stay; without a public key none is made.
     *
     * @param copyFolder a disk or share that holds each of them a second time
     * @param programs where pg_dump and pg_restore are, if not where they are looked for
     */
    public record Backup(
            List<String> publicKeys,
            Path folder,
            Optional<Path> copyFolder,
            int hour,
            Retention retention,
            Duration maxAge,
            Optional<Path> programs) {
        public static final Backup OFF = new Backup(
                List.of(),
                Path.of(Folders.HERE.state(), "backups"),
                Optional.empty(),
                1,
                new Retention(7, 4, 12, 5),
                Duration.ofHours(26),
                Optional.empty());

        public boolean isOn() {
            return !publicKeys.isEmpty();
        }
    }

    /** Of how many days, weeks and months one backup is kept, and how many of the newest in any case. */
    public record Retention(int daily, int weekly, int monthly, int atLeast) {}

    /** A certificate with its key, in a PKCS #12 file. */
    public record Tls(Path file, String password) {
        @Override
        public String toString() {
            return "Tls[" + file + "]";
        }
    }
}
