package com.centrovision.sync.files;

import com.centrovision.sync.cloud.storage.FolderException;
import com.centrovision.sync.cloud.storage.StorageApi;
import com.centrovision.sync.cloud.storage.StorageMissingException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Optional;
import java.util.UUID;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one file down, whole or not at all: into a part, which a cut leaves to go on with, then checked, written to the
 * disk and given the file's name. Threads share it.
 */
public final class FileDown {
    private static final Logger LOG = LoggerFactory.getLogger(FileDown.class);

    private final StorageApi storage;
    private final ClinicFolder folder;
    private final FileManifest manifest;
    private final Courtesy courtesy;
    private final Clock clock;

    FileDown(StorageApi storage, ClinicFolder folder, FileManifest manifest, Courtesy courtesy, Clock clock) {
        this.storage = storage;
        this.folder = folder;
        this.manifest = manifest;
        this.courtesy = courtesy;
        this.clock = clock;
    }

    /** Called by the route {@code file-down}. */
    public void fetch(@Variable("file") String id) throws IOException {
        var startedAt = System.nanoTime();
        var file = manifest.find(UUID.fromString(id)).orElseThrow();
        var content = part(file);
        var place = folder.file(file.bucket(), file.localName());
        if (Files.exists(place, LinkOption.NOFOLLOW_LINKS) && folder.holds(place, file)) {
            folder.discard(place, file.bucket(), file.localName(), LocalDate.now(clock));
        }
        manifest.fetched(file, folder.put(folder.part(file.id()), place, file.cloudAt()), content);
        LOG.info(
                "file came down file={} bucket={} bytes={} ms={}",
                file.id(),
                file.bucket(),
                content.size(),
                (System.nanoTime() - startedAt) / 1_000_000);
    }

    /** The cloud's whole content in the file's part. Where it has moved on, the manifest is told, and the next turn fetches that. */
    Fingerprint part(ManifestFile file) throws IOException {
        folder.require(true);
        var part = folder.part(file.id());
        try {
            receive(file, part);
        } catch (FolderException failure) {
            if (failure.getCause() instanceof FileException refusal
                    && refusal.code().equals("changed-there")) {
                Files.deleteIfExists(part);
                manifest.noteInCloud(file.id(), storage.find(file.bucket(), file.name()), Optional.empty());
            }
            throw failure;
        } catch (StorageMissingException gone) {
            if (!file.isInFolder()) {
                manifest.noteInCloud(file.id(), Optional.empty(), Optional.empty());
            }
            throw gone;
        }
        var content = Fingerprint.of(part);
        if (!content.agreesWith(file.cloudSize(), file.cloudEtag())) {
            if (content.size() >= file.cloudSize()) {
                Files.delete(part);
            }
            throw new FileException("wrong-content");
        }
        return content;
    }

    private void receive(ManifestFile file, Path part) throws IOException {
        var here = Files.exists(part) ? Files.size(part) : 0;
        var from = file.partEtag().equals(file.cloudEtag()) && !file.cloudEtag().isEmpty() && here <= file.cloudSize()
                ? here
                : 0;
        if (from == file.cloudSize() && Files.exists(part)) {
            return;
        }
        folder.requireRoomFor(file.cloudSize() - from);
        if (from == 0) {
            Files.deleteIfExists(part);
            manifest.notePart(file.id(), file.cloudEtag());
        }
        storage.download(file.bucket(), file.name(), from, (etag, begins, content) -> {
            if (!etag.isEmpty() && !etag.equals(file.cloudEtag()) || begins != 0 && begins != from) {
                throw new FolderException(new FileException("changed-there"));
            }
            write(content, part, begins);
        });
    }

    private void write(InputStream content, Path part, long from) throws IOException {
        var mode = from == 0 ? StandardOpenOption.TRUNCATE_EXISTING : StandardOpenOption.APPEND;
        try (var out = Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, mode)) {
            var block = new byte[courtesy.block()];
            for (int read = content.read(block); read >= 0; read = content.read(block)) {
                courtesy.before(read);
                try {
                    out.write(block, 0, read);
                } catch (IOException unwritten) {
                    throw new FolderException(unwritten);
                }
            }
        } catch (FileSystemException unopened) {
            throw new FolderException(unopened);
        }
    }
}
