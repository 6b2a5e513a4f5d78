package com.centrovision.sync.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A committed file that is made from the code: compared on every run, written with {@code -Dmanual.write=true}. */
public record GeneratedFile(Path path, Class<?> test) {

    public void check(String expected) throws IOException {
        if (Boolean.getBoolean("manual.write")) {
            Files.createDirectories(path.toAbsolutePath().getParent());
            Files.writeString(path, expected);
        }
        assertEquals(
                expected,
                Files.exists(path) ? Files.readString(path) : "",
                () -> path + " is out of date: ./mvnw test -Dtest=" + test.getSimpleName() + " -Dmanual.write=true");
    }
}
