package com.centrovision.sync.files;

import com.centrovision.sync.disk.DiskFiles;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.UUID;

/**
 * The folder with the clinic's files: a folder for each bucket and, beside them, one of our own for what is under way and
 * for the trash. Nothing is written or read outside of it, not through a link either. Threads share it.
 */
public final class ClinicFolder {
    private static final String OWN = ".centrovision";

    /** Room that is left to others on the same disk. */
    private static final long SPARED_BYTES = 256L << 20;

    private final Path root;
    private final FileNames names;

    /** What is done with each file of a bucket. */
    interface Visitor {
        void file(String localName, Path file, BasicFileAttributes attributes) throws IOException;
    }

    public ClinicFolder(Path root, FileNames names) {
        this.root = root.toAbsolutePath().normalize();
        this.names = names;
    }

    Path path() {
        return root;
    }

    /**
     * Makes the folder ready, and throws where it cannot be the one that the manifest tells of: an unmounted disk leaves an
     * empty folder behind, and all files would look as if somebody had removed them.
     */
    void require(boolean holdsFiles) throws IOException {
        var marker = root.resolve(OWN).resolve("folder");
        if (Files.notExists(marker)) {
            if (holdsFiles) {
                throw new FileException("folder-missing");
            }
            Files.createDirectories(marker.getParent());
            Files.writeString(marker, "centrovision-sync\n");
        }
        Files.createDirectories(parts());
    }

    /** A file's place; its folders may not be there yet. */
    public Path file(String bucket, String localName) throws IOException {
        var place = bucketFolder(bucket).resolve(localName).normalize();
        if (!place.startsWith(bucketFolder(bucket)) || place.equals(bucketFolder(bucket))) {
            throw new FileException("outside-of-folder");
        }
        for (var folder = place.getParent(); !folder.equals(root); folder = folder.getParent()) {
            if (Files.isSymbolicLink(folder)) {
                throw new FileException("outside-of-folder");
            }
        }
        return place;
    }

    /** Whether two names lead to one file. */
    boolean isSame(String bucket, String localName, String otherName) throws IOException {
        var other = file(bucket, otherName);
        return Files.isRegularFile(other, LinkOption.NOFOLLOW_LINKS)
                && Files.isSameFile(file(bucket, localName), other);
    }

    Path part(UUID file) {
        return root.resolve(OWN).resolve("parts").resolve(file + ".part");
    }

    void requireRoomFor(long bytes) throws IOException {
        if (bytes > root.toRealPath().toFile().getUsableSpace() - SPARED_BYTES) {
            throw new FileException("disk-full");
        }
    }

    /** Whether a file is there as it was when it was noted; throws where it is there and is another one by now. */
    boolean holds(Path file, ManifestFile known) throws IOException {
        try {
            if (!known.isInFolder() || !FileStamp.of(file).equals(known.stamp())) {
                throw FileException.changedHere();
            }
            return true;
        } catch (NoSuchFileException absent) {
            return false;
        }
    }

    /** Has a complete part on the disk, all of it, before it gets the file's name. */
    void settle(Path part, Optional<Instant> writtenAt) throws IOException {
        if (writtenAt.isPresent()) {
            Files.setLastModifiedTime(part, FileTime.from(writtenAt.get()));
        }
        DiskFiles.force(part);
    }

    /** Puts a part that is settled in a file's place; returns its stamp, and not that of a program that is as quick. */
    FileStamp put(Path part, Path place) throws IOException {
        var stamp = FileStamp.of(part);
        Files.createDirectories(place.getParent());
        rename(part, place);
        return stamp;
    }

    /** Moves a file to another name, which must be free: a program may have written it in this moment. */
    void rename(Path file, Path to) throws IOException {
        if (Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
            throw FileException.changedHere();
        }
        DiskFiles.move(file, to);
    }

    /** Takes a file away without losing it: below today's date, and beside what is there already. */
    void discard(Path file, String bucket, String localName, LocalDate today) throws IOException {
        var day = trash().resolve(today.toString());
        var trash = day.resolve(part(bucket)).resolve(localName);
        for (int copy = 2; Files.exists(trash, LinkOption.NOFOLLOW_LINKS); copy++) {
            trash = day.resolve("." + copy).resolve(part(bucket)).resolve(localName);
        }
        Files.createDirectories(trash.getParent());
        DiskFiles.move(file, trash);
    }

    Path trash() {
        return root.resolve(OWN).resolve("trash");
    }

    Path parts() {
        return root.resolve(OWN).resolve("parts");
    }

    /** Goes through the files of a bucket; links are left out, and what cannot be read is passed over. */
    void visit(String bucket, Visitor visitor) throws IOException {
        var folder = bucketFolder(bucket);
        if (Files.notExists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile()) {
                    visitor.file(localName(folder, file), file, attributes);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException unreadable) {
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException unreadable) {
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static String localName(Path folder, Path file) {
        return folder.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/");
    }

    private Path bucketFolder(String bucket) {
        return root.resolve(part(bucket));
    }

    private String part(String bucket) {
        return names.inFolder(bucket).orElseThrow();
    }
}
