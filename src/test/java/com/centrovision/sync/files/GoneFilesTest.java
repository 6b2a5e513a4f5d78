package com.centrovision.sync.files;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.centrovision.sync.cloud.storage.StorageApi;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;

/** How long the trash is kept, and by whose clock. */
class GoneFilesTest {
    @TempDir
    Path root;

    @Test
    void emptiesTheDaysThatAreOverAndNoneWhileOnlyThisMachineTellsTheDay() throws IOException {
        for (var day : List.of("2000-01-01", "2026-10-22", "2026-10-23", "2026-11-22", "notes")) {
            Files.createDirectories(
                    root.resolve(".centrovision/trash").resolve(day).resolve("estudios"));
        }

        trim(false);
        assertEquals(5, days().size());

        trim(true);
        assertEquals(List.of("2026-10-23", "2026-11-22", "notes"), days());
    }

    private void trim(boolean isTodayKnown) throws IOException {
        try (var storage = new StorageApi(URI.create("http://localhost:1"), "key")) {
            new GoneFiles(
                            storage,
                            new ClinicFolder(root, new FileNames()),
                            new FileManifest(new JdbcTemplate()),
                            30,
                            () -> LocalDate.parse("2026-11-22"),
                            () -> isTodayKnown)
                    .trim();
        }
    }

    private List<String> days() throws IOException {
        try (var days = Files.list(root.resolve(".centrovision/trash"))) {
            return days.map(day -> day.getFileName().toString()).sorted().toList();
        }
    }
}
