package com.centrovision.sync.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files that a power cut leaves whole or not at all, and files for their owner alone, where the system has such rights. */
public final class DiskFiles {
    private static final FileAttribute<Set<PosixFilePermission>> OWNERS_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<Set<PosixFilePermission>> OWNERS_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private DiskFiles() {}

    /** An empty file for its owner alone, in the place of one that may be there. */
    public static void createPrivate(Path file) throws IOException {
        Files.deleteIfExists(file);
        try {
            Files.createFile(file, OWNERS_FILE);
        } catch (UnsupportedOperationException noRights) { // Windows and some shares
            Files.createFile(file);
        }
    }

    /** A folder for its owner alone; one that is there stays as it is. */
    public static void createPrivateFolder(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        try {
            Files.createDirectories(folder, OWNERS_FOLDER);
        } catch (UnsupportedOperationException noRights) {
            Files.createDirectories(folder);
        }
    }

    /** Waits until the disk has all of a file. */
    public static void force(Path file) throws IOException {
        force(file, StandardOpenOption.WRITE);
    }

    /** Gives a file another name at once, in the place of one that may have it, and for good. */
    public static void move(Path file, Path to) throws IOException {
        Files.move(file, to, StandardCopyOption.ATOMIC_MOVE);
        try {
            force(to.toAbsolutePath().getParent(), StandardOpenOption.READ);
        } catch (IOException notHere) {
            return; // Windows opens no folders, and needs none
        }
    }

    private static void force(Path path, StandardOpenOption mode) throws IOException {
        try (var channel = FileChannel.open(path, mode)) {
            channel.force(true);
        }
    }
}
