package com.centrovision.sync.config;

import static java.nio.file.attribute.PosixFilePermission.GROUP_READ;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_READ;
import static java.nio.file.attribute.PosixFilePermission.OWNER_READ;
import static java.nio.file.attribute.PosixFilePermission.OWNER_WRITE;

import com.centrovision.sync.disk.DiskFiles;
import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.EnumSet;

/**
 * A file with secrets, written whole or not at all. Its owner may write it; where the folder is for a group alone, as an
 * installer leaves it, that group may read it. On Windows the folder's own rights hold.
 */
public record PrivateFile(Path path) {

    public void write(String content) {
        var next = path.resolveSibling("." + path.getFileName() + ".new");
        try {
            DiskFiles.createPrivate(next);
            Files.writeString(next, content);
            keepOwners(next);
            Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            next.toFile().delete();
            throw unwritable(failure);
        }
    }

    /** Says so before anybody is asked for anything. */
    public void requireWritable() {
        var folder = path.toAbsolutePath().getParent();
        if (!Files.isWritable(folder)) {
            throw new Problem(ProblemCode.CONFIG_UNWRITABLE, path, "AccessDeniedException");
        }
    }

    private Problem unwritable(IOException failure) {
        var reason = failure instanceof FileSystemException file && file.getReason() != null
                ? file.getReason()
                : failure.getClass().getSimpleName();
        return new Problem(ProblemCode.CONFIG_UNWRITABLE, path, reason).causedBy(failure);
    }

    private void keepOwners(Path next) throws IOException {
        var view = view(next);
        if (view == null) {
            return;
        }
        var isThere = Files.exists(path);
        var like = view(isThere ? path : next.getParent()).readAttributes();
        var rights = EnumSet.of(OWNER_READ, OWNER_WRITE);
        var groupReads = like.permissions().contains(GROUP_READ)
                && (isThere || !like.permissions().contains(OTHERS_READ));
        if (groupReads && belongsTo(view, like)) {
            rights.add(GROUP_READ);
        }
        if (isThere && !like.owner().equals(view.readAttributes().owner())) {
            view.setOwner(like.owner());
        }
        view.setPermissions(rights);
    }

    private static boolean belongsTo(PosixFileAttributeView view, PosixFileAttributes like) {
        try {
            view.setGroup(like.group());
            return true;
        } catch (IOException notOneOfOurs) {
            return false;
        }
    }

    private static PosixFileAttributeView view(Path file) {
        return Files.getFileAttributeView(file, PosixFileAttributeView.class);
    }
}
