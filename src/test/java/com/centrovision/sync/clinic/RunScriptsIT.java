package com.centrovision.sync.clinic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.demo.LabDatabase;
import com.centrovision.sync.testing.ClinicService;
import com.centrovision.sync.testing.SharedLab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flyway is started where there is something for it to do, and only there. */
class RunScriptsIT {
    private final LabDatabase clinic = SharedLab.get().newClinic();
    private final ClinicDatabase database =
            new ClinicDatabase(ClinicService.config(SharedLab.get(), clinic).localPostgres(), 2);

    @TempDir
    private Path sql;

    @BeforeEach
    void copyScripts() throws IOException {
        for (var folder : new String[] {"migrations", "functions"}) {
            Files.createDirectory(sql.resolve(folder));
            try (var files = Files.list(Path.of("sql", folder))) {
                for (var file : files.toList()) {
                    Files.copy(file, sql.resolve(folder).resolve(file.getFileName()));
                }
            }
        }
        database.start();
    }

    @AfterEach
    void close() {
        database.close();
    }

    private boolean areRun() {
        return new RunScripts(database.dataSource(), sql).areThese();
    }

    @Test
    void aScriptIsRunAgainWhenItChangedAndWhenItFailed() throws IOException {
        assertFalse(areRun());

        new ControlTables(database.dataSource(), sql).upgrade();
        assertTrue(areRun());

        var function = sql.resolve("functions/R__sync_reason.sql");
        Files.writeString(function, Files.readString(function).replace("\n", "\r\n"));
        assertTrue(areRun(), "line ends are none of it");

        Files.writeString(
                function, Files.readString(function) + "comment on function sync_reason(text, text, text) is 'new';\n");
        assertFalse(areRun());
        new ControlTables(database.dataSource(), sql).upgrade();
        assertTrue(areRun());
        assertEquals(
                "new",
                clinic.value("select description from pg_description where description = 'new'")
                        .orElseThrow());

        Files.writeString(sql.resolve("functions/R__one_more.sql"), "select 1;\n");
        assertFalse(areRun());
        Files.delete(sql.resolve("functions/R__one_more.sql"));
        clinic.execute("update _sync_schema_history set success = false where script = 'R__sync_reason.sql'");
        assertFalse(areRun());
    }
}
