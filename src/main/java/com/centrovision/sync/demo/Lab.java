package com.centrovision.sync.demo;

import com.centrovision.sync.demo.storage.LabStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A clinic and a cloud on this machine: two PostgreSQL servers, the real PostgREST, a stand-in for Storage, and a gateway like Supabase's. */
public final class Lab implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Lab.class);
    private static final String CLINIC_TEMPLATE = "clinic_template";
    private static final String DATABASE = "centrovision";

    private final LabOptions options;
    private final CloudKeys keys = CloudKeys.generate();
    private final AtomicInteger clinics = new AtomicInteger();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Thread shutdownHook = new Thread(this::closeAll, "lab-shutdown");
    private PostgresServer clinicServer;
    private PostgresServer cloudServer;
    private LabDatabase cloud;
    private LabDatabase clinic;
    private PostgrestServer postgrest;
    private Gateway gateway;
    private LabStorage storage;
    private boolean rowsAreLimited;

    private Lab(LabOptions options) {
        this.options = options;
    }

    /** Starts everything; {@code home} is the folder that holds {@code sql/} and PostgREST. */
    public static Lab start(Path home, LabOptions options) {
        var lab = new Lab(options);
        Runtime.getRuntime().addShutdownHook(lab.shutdownHook);
        try {
            lab.open(home);
            return lab;
        } catch (IOException | RuntimeException e) {
            lab.close();
            throw e instanceof LabUnavailable unavailable
                    ? unavailable
                    : new LabUnavailable("The lab did not start: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            lab.close();
            Thread.currentThread().interrupt();
            throw new LabUnavailable("The start of the lab was interrupted.", e);
        }
    }

    /**
     * From here on the caller alone closes the lab, on a signal too: so that what uses it can end before it does.
     */
    public void leaveToCaller() {
        forgetShutdown();
    }

    public Gateway gateway() {
        return gateway;
    }

    public LabStorage storage() {
        return storage;
    }

    public String supabaseUrl() {
        return gateway.url();
    }

    /** The legacy kind of service key: a token that goes out both as {@code apikey} and as bearer. */
    public String serviceKey() {
        return keys.serviceKey();
    }

    /** The newer kind of service key, sent as {@code apikey} alone. */
    public String secretKey() {
        return keys.secretKey();
    }

    public String anonKey() {
        return keys.anonKey();
    }

    public String publishableKey() {
        return keys.publishableKey();
    }

    public LabDatabase cloud() {
        return cloud;
    }

    public LabDatabase clinic() {
        return clinic;
    }

    public LabDatabase newClinic() {
        return newClinic(ClinicRole.SUPERUSER);
    }

    /** Makes a clinic database of its own, with the tables and no rows. */
    public LabDatabase newClinic(ClinicRole role) {
        return createClinic("clinic_" + clinics.incrementAndGet(), role);
    }

    /** Empties every cloud table, starts its numbers again and heals the gateway. */
    public void resetCloud() {
        gateway.heal();
        gateway.clearLog();
        storage.reset();
        cloud.execute(
                """
                set lock_timeout = '10s';
                do $$
                begin
                  execute (
                    select 'truncate ' || string_agg(oid::regclass::text, ', ') || ' restart identity'
                    from pg_class
                    where relnamespace = 'public'::regnamespace and relkind = 'r');
                end
                $$;
                alter sequence invoice_number_seq restart;
                """);
        if (rowsAreLimited) {
            limitRows(options.maxRows());
            rowsAreLimited = false;
        }
    }

    /** Sets how many rows an answer of the cloud may hold; {@link #resetCloud()} sets it back. */
    public void limitRows(int maxRows) {
        postgrest.limitRows(cloud, maxRows);
        rowsAreLimited = true;
    }

    /** Makes PostgREST learn the cloud's tables anew, after a test has altered them. */
    public void reloadCloudSchema() {
        postgrest.reloadSchema(cloud);
    }

    /** Runs a script in the cloud that tells PostgREST itself to learn anew, and waits until it has. */
    public void changeCloudSchema(String script) {
        postgrest.changeSchema(cloud, script);
    }

    /** Stops the clinic's PostgreSQL server, as a machine that is turned off. */
    public void stopClinic() {
        try {
            clinicServer.pause();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends all processes of the clinic's PostgreSQL server at once, as a power cut does. */
    public void killClinic() {
        try {
            clinicServer.kill();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The processes of the clinic's PostgreSQL server. */
    public List<ProcessHandle> clinicProcesses() {
        try {
            return clinicServer.processes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** PostgREST and the processes of the cloud's PostgreSQL server. */
    public List<ProcessHandle> cloudProcesses() {
        try {
            return Stream.concat(Stream.of(postgrest.process()), cloudServer.processes().stream())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts the clinic's server again, on the same port and with the same rows. */
    public void startClinic() {
        try {
            clinicServer.resume();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        closeAll();
        forgetShutdown();
    }

    private void forgetShutdown() {
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException alreadyShuttingDown) {
            return;
        }
    }

    private void open(Path home) throws IOException, InterruptedException {
        var postgrestBinary = PostgrestServer.locate(home);
        var sql = home.resolve("sql/demo");
        var cloudStart = CompletableFuture.supplyAsync(() -> startServer(options.replicates()));
        var clinicStart = CompletableFuture.supplyAsync(() -> startServer(false));
        cloudServer = awaitBoth(cloudStart, clinicStart);
        clinicServer = clinicStart.join();
        var clinicReady = CompletableFuture.runAsync(() -> prepareClinic(sql));
        var authenticator = prepareCloud(cloudServer, sql);
        postgrest = PostgrestServer.start(postgrestBinary, authenticator, keys.jwtSecret(), options);
        remember(postgrest);
        storage = new LabStorage();
        remember(storage);
        gateway = Gateway.start(postgrest.port(), keys, storage);
        remember(gateway);
        try {
            clinicReady.join();
        } catch (CompletionException e) {
            throw new LabUnavailable(
                    "The clinic's database was not made: " + e.getCause().getMessage(), e.getCause());
        }
    }

    private static PostgresServer awaitBoth(
            CompletableFuture<PostgresServer> cloudStart, CompletableFuture<PostgresServer> clinicStart) {
        try {
            CompletableFuture.allOf(cloudStart, clinicStart).join();
            return cloudStart.join();
        } catch (CompletionException e) {
            throw new LabUnavailable("PostgreSQL did not start: " + e.getCause().getMessage(), e.getCause());
        }
    }

    private PostgresServer startServer(boolean replicates) {
        try {
            var server = PostgresServer.start(replicates);
            remember(server);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private LabDatabase prepareCloud(PostgresServer server, Path sql) {
        server.administration().execute("create database " + DATABASE);
        cloud = server.database(DATABASE, "postgres");
        run(cloud, sql.resolve("schema.sql"));
        run(cloud, sql.resolve("generate.sql"));
        run(cloud, sql.resolve("cloud.sql"));
        var authenticator = server.database(DATABASE, "authenticator");
        cloud.execute("alter role authenticator password '" + authenticator.password() + "'");
        return authenticator;
    }

    private void prepareClinic(Path sql) {
        for (var role : ClinicRole.values()) {
            clinicServer.createRole(role.user(), role == ClinicRole.SUPERUSER ? "login superuser" : "login");
        }
        var owner = ClinicRole.LEAST_PRIVILEGE.user();
        clinicServer.administration().execute("create database " + CLINIC_TEMPLATE + " owner " + owner);
        run(clinicServer.database(CLINIC_TEMPLATE, owner), sql.resolve("schema.sql"));
        run(clinicServer.database(CLINIC_TEMPLATE, ClinicRole.SUPERUSER.user()), sql.resolve("generate.sql"));
        clinic = createClinic(DATABASE, ClinicRole.SUPERUSER);
    }

    private LabDatabase createClinic(String name, ClinicRole role) {
        clinicServer
                .administration()
                .execute("create database " + name + " template " + CLINIC_TEMPLATE + " owner "
                        + ClinicRole.LEAST_PRIVILEGE.user());
        return clinicServer.database(name, role.user());
    }

    private static void run(LabDatabase database, Path script) {
        try {
            database.execute(Files.readString(script));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + script, e);
        }
    }

    private void remember(AutoCloseable part) {
        synchronized (open) {
            open.push(part);
        }
    }

    private void closeAll() {
        synchronized (open) {
            while (!open.isEmpty()) {
                closeOne(open.pop());
            }
        }
    }

    private static void closeOne(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            LOG.warn("lab part not closed part={} reason={}", part.getClass().getSimpleName(), e.getMessage());
        }
    }
}
