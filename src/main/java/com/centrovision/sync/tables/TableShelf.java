package com.centrovision.sync.tables;

import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts a table's file into the folder that services look at, whole or not at all, and takes one out. */
public final class TableShelf {
    private static final Logger LOG = LoggerFactory.getLogger(TableShelf.class);
    private static final String ASIDE = ".removed";

    private final Path folder;

    public TableShelf(Path folder) {
        this.folder = folder;
    }

    /** The file that a table has already, whether or not it is fit. */
    public Optional<Path> existing(String table) {
        if (!TableParameters.isTable(table)) {
            throw new Problem(ProblemCode.TABLE_NAME_UNFIT, table);
        }
        return Stream.of(table + ".camel.yaml", table + ".yaml")
                .map(folder::resolve)
                .filter(Files::exists)
                .findFirst();
    }

    /** Never replaces a file; nobody sees a half of this one. */
    public void put(Path file, String yaml) {
        var draft = folder.resolve("." + file.getFileName() + ".draft");
        try {
            Files.writeString(draft, yaml);
            link(draft, file);
        } catch (FileAlreadyExistsException exists) {
            throw new Problem(ProblemCode.TABLE_FILE_EXISTS, file).causedBy(exists);
        } catch (IOException unwritable) {
            throw unwritable(file, unwritable);
        } finally {
            discard(draft);
        }
    }

    /** A link is refused where the file exists; a move would replace it. Some file systems know no links. */
    private static void link(Path draft, Path file) throws IOException {
        try {
            Files.createLink(file, draft);
        } catch (FileAlreadyExistsException exists) {
            throw exists;
        } catch (UnsupportedOperationException | FileSystemException noLinks) {
            Files.move(draft, file);
        }
    }

    /** Has a running service take the file up anew, and with it the table's pass begin at once; else it has its time. */
    public static void touch(Path file) {
        try {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
        } catch (IOException notOurs) {
            LOG.debug("table file not touched file={}", file.getFileName());
        }
    }

    /** Out of the services' sight, to be brought back or discarded. */
    public Path setAside(Path file) {
        var aside = file.resolveSibling(file.getFileName() + ASIDE);
        return move(file, aside);
    }

    public void bringBack(Path file) {
        move(file.resolveSibling(file.getFileName() + ASIDE), file);
    }

    private static Path move(Path from, Path to) {
        try {
            return Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException unwritable) {
            throw unwritable(from, unwritable);
        }
    }

    public void discard(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException unwritable) {
            throw unwritable(file, unwritable);
        }
    }

    private static Problem unwritable(Path file, IOException failure) {
        return new Problem(
                        ProblemCode.TABLE_FILE_UNWRITABLE,
                        file,
                        failure.getClass().getSimpleName())
                .causedBy(failure);
    }
}
