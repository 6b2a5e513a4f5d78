package com.centrovision.sync.clinic;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/** What Flyway noted about the scripts that it ran here. Starting Flyway to hear that none is new takes half a second. */
final class RunScripts {
    private static final String NOTED =
            """
            select distinct on (script) script, case when success then checksum end::bigint as checksum
            from _sync_schema_history
            where type <> 'BASELINE'
            order by script, installed_rank desc
            """;

    private static final String HAS_NOTES = "select to_regclass('public._sync_schema_history') is not null";
    private static final String MIGRATIONS =
            """
            select script
            from _sync_schema_history
            where type = 'SQL' and version is not null and success
            order by installed_rank desc
            """;

    private final JdbcTemplate clinic;
    private final Path sql;

    RunScripts(DataSource clinic, Path sql) {
        this.clinic = new JdbcTemplate(clinic);
        this.sql = sql;
    }

    /** Whether exactly the files of this version were run, unchanged since; in doubt not. */
    boolean areThese() {
        try {
            return noted().equals(files());
        } catch (DataAccessException | UncheckedIOException unknown) {
            return false;
        }
    }

    /** A script of the control tables that was run here and is none of this version's. */
    Optional<String> unknown() {
        if (!Boolean.TRUE.equals(clinic.queryForObject(HAS_NOTES, Boolean.class))) {
            return Optional.empty();
        }
        var files = files("migrations");
        return clinic.queryForList(MIGRATIONS, String.class).stream()
                .filter(script -> !files.contains(script))
                .findFirst();
    }

    private List<String> files(String folder) {
        return files(sql.resolve(folder))
                .map(file -> file.getFileName().toString())
                .toList();
    }

    private Map<String, Long> noted() {
        var noted = new HashMap<String, Long>();
        clinic.query(NOTED, row -> {
            noted.put(row.getString("script"), row.getObject("checksum", Long.class));
        });
        return noted;
    }

    private Map<String, Long> files() {
        return Stream.of("migrations", "functions")
                .flatMap(folder -> files(sql.resolve(folder)))
                .collect(Collectors.toMap(file -> file.getFileName().toString(), RunScripts::checksum));
    }

    private static Stream<Path> files(Path folder) {
        try (var files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).toList().stream();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Flyway's: of the lines, whatever ends them. */
    private static long checksum(Path file) {
        var checksum = new CRC32();
        try (var lines = Files.newBufferedReader(file)) {
            lines.lines().forEach(line -> checksum.update(line.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return (int) checksum.getValue();
    }
}
