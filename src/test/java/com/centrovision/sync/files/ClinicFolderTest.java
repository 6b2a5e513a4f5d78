package com.centrovision.sync.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.centrovision.sync.testing.Rule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClinicFolderTest {
    private static final LocalDate DAY = LocalDate.of(2026, 11, 22);

    @TempDir
    Path root;

    private ClinicFolder folder;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = new ClinicFolder(root.resolve("files"), new FileNames(StandardCharsets.UTF_8));
        folder.require(false);
    }

    @Test
    void aPartBecomesTheFileAndHasItsTime() throws IOException {
        var part = Files.writeString(folder.part(UUID.randomUUID()), "whole");
        var place = folder.file("estudios", "a/ojo.jpg");

        folder.settle(part, Optional.of(Instant.parse("2026-01-02T03:04:05Z")));
        var stamp = folder.put(part, place);

        assertEquals("whole", Files.readString(place));
        assertFalse(Files.exists(part));
        assertEquals(new FileStamp(5, Instant.parse("2026-01-02T03:04:05Z").getEpochSecond() * 1_000_000), stamp);
    }

    /** A program may write the file while the one that it had is on its way to the trash. */
    @Test
    @Rule("8.3")
    void aPartTakesThePlaceOfNoFileThatNobodyPutAway() throws IOException {
        var part = Files.writeString(folder.part(UUID.randomUUID()), "theirs");
        var place = folder.file("estudios", "ojo.jpg");
        Files.createDirectories(place.getParent());
        Files.writeString(place, "ours");

        assertThrows(FileException.class, () -> folder.put(part, place));

        assertEquals("ours", Files.readString(place));
    }

    @Test
    void theTrashKeepsEveryVersionOfADay() throws IOException {
        for (var content : List.of("one", "two", "three")) {
            var place = folder.file("estudios", "ojo.jpg");
            Files.createDirectories(place.getParent());
            Files.writeString(place, content);
            folder.discard(place, "estudios", "ojo.jpg", DAY);
        }

        var kept = new ArrayList<String>();
        try (var files = Files.walk(folder.trash().resolve("2026-11-22"))) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                kept.add(Files.readString(file));
            }
        }
        assertEquals(List.of("one", "three", "two"), kept.stream().sorted().toList());
    }

    @Test
    @Rule("8.4")
    void nothingLeadsOutOfIt() throws IOException {
        var outside = Files.createDirectories(root.resolve("outside"));
        Files.createDirectories(root.resolve("files/estudios"));
        Files.createSymbolicLink(root.resolve("files/estudios/link"), outside);
        var seen = new ArrayList<String>();

        assertThrows(FileException.class, () -> folder.file("estudios", "../../outside/x"));
        assertThrows(FileException.class, () -> folder.file("estudios", "link/x"));
        assertThrows(FileException.class, () -> folder.file("estudios", "."));
        Files.writeString(outside.resolve("secret"), "x");
        folder.visit("estudios", (name, file, attributes) -> seen.add(name));
        assertEquals(List.of(), seen);
    }

    @Test
    @Rule("8.2")
    void aFolderThatIsNotTheOneThatWasFilledIsKnown() throws IOException {
        folder.require(true);
        Files.delete(root.resolve("files/.centrovision/folder"));

        assertEquals(
                "folder-missing",
                assertThrows(FileException.class, () -> folder.require(true)).code());
    }
}
