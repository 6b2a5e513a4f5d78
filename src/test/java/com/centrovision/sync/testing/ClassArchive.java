package com.centrovision.sync.testing;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.function.Supplier;

/** The classes that {@code once} loads, in an archive that all images of a build share: their processes start faster. */
final class ClassArchive {
    private static final Path FILE = Path.of("target/image-classes.jsa").toAbsolutePath();

    private ClassArchive() {}

    /**
     * Makes it where there is none of this build.
     *
     * @param ofClinic in a folder with a shorter path than any other's: Java takes no archive of a longer class path
     */
    static synchronized void make(Supplier<Image> ofClinic) {
        if (isOfThisBuild()) {
            return;
        }
        var own = FILE.resolveSibling("image-classes-" + ProcessHandle.current().pid() + ".jsa");
        try (var image = ofClinic.get().java("-XX:ArchiveClassesAtExit=" + own)) {
            image.run("once");
            if (Files.exists(own)) {
                Files.move(own, FILE, ATOMIC_MOVE);
            }
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    /** Where it cannot be mapped, the process starts without it and says nothing. */
    static Image addTo(Image image) {
        return image.java("-XX:SharedArchiveFile=" + FILE + " -Xlog:disable");
    }

    private static boolean isOfThisBuild() {
        try (var jars = Files.list(Image.BUILT.resolve("lib"))) {
            return Files.exists(FILE)
                    && jars.map(ClassArchive::time)
                                    .max(Comparator.naturalOrder())
                                    .orElseThrow()
                                    .compareTo(time(FILE))
                            < 0;
        } catch (IOException unbuilt) {
            throw new UncheckedIOException(unbuilt);
        }
    }

    private static FileTime time(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }
}
