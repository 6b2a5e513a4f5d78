package com.centrovision.sync.cli.logs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.Level;

class LogTailTest {
    private static final String TIME = "2026-11-21T18:05:07.123Z ";

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void twoFiles() throws IOException {
        file = folder.resolve("sync.log");
        Files.writeString(folder.resolve("sync.log.1"), info("one") + error("two") + "    at somewhere\n");
        Files.writeString(file, info("three") + warn("four"));
    }

    @Test
    void theLastLinesReachBackIntoRolledFiles() throws IOException {
        var tail = new LogTail(file, 3, Level.DEBUG);

        assertEquals(List.of(warn("four").strip()), tail.last(1));
        assertEquals(List.of(), tail.last(0));
        assertEquals(5, tail.last(100).size());
        assertEquals("    at somewhere", tail.last(3).get(0));
    }

    @Test
    void aLevelHidesWhatIsLessAndKeepsWhatFollowsAnEvent() throws IOException {
        assertEquals(
                List.of(error("two").strip(), "    at somewhere", warn("four").strip()),
                new LogTail(file, 3, Level.WARN).last(100));
        assertEquals(List.of("    at somewhere"), new LogTail(file, 3, Level.ERROR).last(1));
    }

    @Test
    void followingReadsARolledFileToItsEndAndThenTheNewOne() throws IOException {
        try (var follower = LogFollower.atTheEndOf(file, Level.INFO)) {
            assertEquals(List.of(), follower.next());
            append(info("five"));
            append(TIME + "INFO  down  ni");
            assertEquals(List.of(info("five").strip()), follower.next());
            append("ño\n");
            assertEquals(List.of(TIME + "INFO  down  niño"), follower.next());

            append(info("six"));
            Files.move(folder.resolve("sync.log.1"), folder.resolve("sync.log.2"));
            Files.move(file, folder.resolve("sync.log.1"));
            assertEquals(List.of(info("six").strip()), follower.next());
            Files.writeString(folder.resolve("sync.log.1"), warn("seven"), StandardOpenOption.APPEND);
            Files.writeString(file, info("eight") + TIME + "DEBUG up  hidden\n");
            assertEquals(List.of(warn("seven").strip(), info("eight").strip()), follower.next());
            append(info("nine"));
            assertEquals(List.of(info("nine").strip()), follower.next());
        }
    }

    private void append(String text) throws IOException {
        Files.write(file, text.getBytes(StandardCharsets.UTF_8), StandardOpenOption.APPEND);
    }

    private static String info(String text) {
        return TIME + "INFO  down  " + text + "\n";
    }

    private static String warn(String text) {
        return TIME + "WARN  down  " + text + "\n";
    }

    private static String error(String text) {
        return TIME + "ERROR down  " + text + "\n";
    }
}
