package com.centrovision.sync.backup;

import com.centrovision.sync.config.Config.LocalPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A dump on its way into an empty database. When pg_restore gives up, what still comes is let go. */
final class PgRestore implements AutoCloseable {
    private final PgProcess process;
    private boolean broken;

    private PgRestore(PgProcess process) {
        this.process = process;
    }

    static PgRestore start(Path programs, LocalPostgres settings, String database, String... options)
            throws IOException {
        var arguments = new ArrayList<>(List.of("--exit-on-error", "--dbname=" + connectTo(database)));
        arguments.addAll(List.of(options));
        return new PgRestore(PgProcess.start(PgPrograms.program(programs, "pg_restore"), settings, arguments));
    }

    /** A name that cannot be taken for anything else. */
    private static String connectTo(String database) {
        return "dbname='" + database.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    void write(byte[] block, int length) {
        if (broken) {
            return;
        }
        try {
            process.input().write(block, 0, length);
        } catch (IOException gaveUp) {
            broken = true;
        }
    }

    /** Waits for its end; why it failed. */
    Optional<Complaint> end() throws InterruptedException {
        try {
            process.input().close();
        } catch (IOException gaveUp) {
            broken = true;
        }
        return process.end() == 0 && !broken ? Optional.empty() : Optional.of(process.complaint());
    }

    @Override
    public void close() throws IOException {
        process.close();
    }
}
