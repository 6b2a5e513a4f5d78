package com.centrovision.sync.backup;

import com.centrovision.sync.config.Config.LocalPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * pg_dump or pg_restore at work. The password goes by a file that only this user can read and that ends with the process.
 * What it says on standard error is kept to be recognised and never told: it quotes rows.
 */
final class PgProcess implements AutoCloseable {
    private static final int LONGEST_WORDS = 64 * 1024;
    private static final int PATIENCE_SECONDS = 60;

    private final Process process;
    private final Path passwordFile;
    private final CompletableFuture<String> words;

    private PgProcess(Process process, Path passwordFile) {
        this.process = process;
        this.passwordFile = passwordFile;
        this.words = CompletableFuture.supplyAsync(() -> words(process.getErrorStream()), PgProcess::beside);
    }

    static PgProcess start(Path program, LocalPostgres settings, List<String> arguments) throws IOException {
        var password = Files.createTempFile("centrovision-", ".pgpass"); // made for its owner alone
        try {
            Files.writeString(password, "*:*:*:*:" + settings.password().replaceAll("([\\\\:])", "\\\\$1") + "\n");
            var command = new ArrayList<String>();
            command.add(program.toString());
            command.add("--no-password");
            command.addAll(arguments);
            var builder = new ProcessBuilder(command);
            var environment = builder.environment();
            environment.keySet().removeIf(name -> name.startsWith("PG"));
            environment.put("PGPASSFILE", password.toString());
            environment.put("PGHOST", settings.host());
            environment.put("PGPORT", String.valueOf(settings.port()));
            environment.put("PGUSER", settings.user());
            environment.put("PGDATABASE", settings.database());
            environment.put("PGCONNECT_TIMEOUT", "10");
            environment.put("PGAPPNAME", "centrovision-sync backup");
            environment.put("LC_ALL", "C");
            return new PgProcess(builder.start(), password);
        } catch (IOException failure) {
            Files.deleteIfExists(password);
            throw failure;
        }
    }

    InputStream output() {
        return process.getInputStream();
    }

    OutputStream input() {
        return process.getOutputStream();
    }

    /** Its exit code, once its output has ended or its input was closed. */
    int end() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.MINUTES)) {
            process.destroyForcibly();
        }
        return process.waitFor();
    }

    /** What it complained of, in our words. */
    Complaint complaint() {
        return Complaint.in(words.completeOnTimeout("", 10, TimeUnit.SECONDS).join());
    }

    private static String words(InputStream error) {
        try (error) {
            var kept = new String(error.readNBytes(LONGEST_WORDS), StandardCharsets.UTF_8);
            error.transferTo(OutputStream.nullOutputStream());
            return kept;
        } catch (IOException ended) {
            return "";
        }
    }

    private static void beside(Runnable work) {
        var thread = new Thread(work, "pg-words");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        Files.deleteIfExists(passwordFile);
    }
}
