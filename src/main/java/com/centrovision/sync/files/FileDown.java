package com.centrovision.sync.files;

import com.centrovision.sync.cloud.storage.FolderException;
import com.centrovision.sync.cloud.storage.StorageApi;
import com.centrovision.sync.cloud.storage.StorageMissingException;
import com.centrovision.sync.cloud.storage.StoredFile;
import com.centrovision.sync.files.FileManifest.Seen;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one file down, whole or not at all: into a part, which a cut leaves to go on with, then checked, written to the
 * disk and given the file's name. Threads share it.
 */
public final class FileDown {
    private static final Logger LOG = LoggerFactory.getLogger(FileDown.class);

    /** Of a part that cannot be gone on with. */
    private static final String UNKNOWN_ETAG = "?";

    private final StorageApi storage;
    private final ClinicFolder folder;
    private final FileManifest manifest;
    private final Courtesy courtesy;
    private final Clock clock;
    private final Supplier<LocalDate> today;

    /** @param today by the cloud's clock: this machine's may be years off */
    FileDown(
            StorageApi storage,
            ClinicFolder folder,
            FileManifest manifest,
            Courtesy courtesy,
            Clock clock,
            Supplier<LocalDate> today) {
        this.storage = storage;
        this.folder = folder;
        this.manifest = manifest;
        this.courtesy = courtesy;
        this.clock = clock;
        this.today = today;
    }

    /** Called by the route {@code file-down}. */
    public void fetch(@Variable("file") String id) throws IOException {
        var startedAt = System.nanoTime();
        var file = manifest.find(UUID.fromString(id)).orElseThrow();
        var place = folder.file(file.bucket(), file.localName());
        if (isThereUnknown(file, place)) {
            return;
        }
        var content = part(file);
        if (Files.exists(place, LinkOption.NOFOLLOW_LINKS) && folder.holds(place, file)) {
            folder.discard(place, file.bucket(), file.localName(), today.get());
        }
        manifest.fetched(file, folder.put(folder.part(file.id()), place), content);
        LOG.info(
                "file came down file={} bucket={} bytes={} ms={}",
                file.id(),
                file.bucket(),
                content.size(),
                (System.nanoTime() - startedAt) / 1_000_000);
    }

    /** What the look has not come to yet, as in a folder that was filled from a copy, is not fetched to be compared. */
    private boolean isThereUnknown(ManifestFile file, Path place) throws IOException {
        if (file.isInFolder() || Files.notExists(place, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        var stamp = FileStamp.of(place);
        if (stamp.isFresh(clock.instant())) {
            throw FileException.changedHere();
        }
        var content = Fingerprint.of(place);
        if (!FileStamp.of(place).equals(stamp)) {
            throw FileException.changedHere();
        }
        manifest.noteInFolder(
                file.bucket(), new Seen(file.localName(), file.name(), stamp.size(), stamp.modified()), content);
        manifest.putBack(file.id());
        return true;
    }

    /** The cloud's whole content in the file's part. Where it has moved on, the manifest is told, and the next turn fetches that. */
    Fingerprint part(ManifestFile file) throws IOException {
        folder.require(true);
        var part = folder.part(file.id());
        var etag = received(file, part);
        var content = Fingerprint.of(part);
        if (!content.agreesWith(file.cloudSize(), etag)) {
            if (content.size() >= file.cloudSize()) {
                Files.delete(part);
            }
            throw new FileException("wrong-content");
        }
        if (!content.isSaidToBe(file.cloudSize(), etag)) {
            requireSameVersion(file, part);
        }
        folder.settle(part, file.cloudAt());
        return content;
    }

    /** Where no MD5 tells it, bytes of two versions may have come as one file. */
    private void requireSameVersion(ManifestFile file, Path part) throws IOException {
        var now = storage.find(file.bucket(), file.name());
        if (now.filter(found -> found.version().equals(file.cloudVersion())).isEmpty()) {
            Files.delete(part);
            noteInCloud(file, now);
            throw FileException.changedThere();
        }
    }

    /** The ETag that the content in the part came with. */
    private String received(ManifestFile file, Path part) throws IOException {
        try {
            return receive(file, part, Optional.of(file.cloudEtag()));
        } catch (FolderException failure) {
            if (!isChangedThere(failure)) {
                throw failure;
            }
            var now = storage.find(file.bucket(), file.name());
            if (now.filter(found -> found.version().equals(file.cloudVersion())).isPresent()) {
                return receive(file, part, Optional.empty()); // it lists another ETag than it sends
            }
            Files.deleteIfExists(part);
            noteInCloud(file, now);
            throw failure;
        } catch (StorageMissingException gone) {
            noteInCloud(file, Optional.empty());
            throw gone;
        }
    }

    /** That a file of the folder is gone in the cloud is for the next look at the whole bucket to say. */
    private void noteInCloud(ManifestFile file, Optional<StoredFile> now) {
        if (now.isPresent() || !file.isInFolder()) {
            manifest.noteInCloud(file.id(), now, Optional.empty());
        }
    }

    private static boolean isChangedThere(FolderException failure) {
        return failure.getCause() instanceof FileException refusal && refusal.isChangedThere();
    }

    /** @param expected empty where the content is taken whatever its ETag is, and then whole */
    private String receive(ManifestFile file, Path part, Optional<String> expected) throws IOException {
        var here = Files.exists(part) ? Math.min(Files.size(part), file.partBytes()) : 0;
        var goesOn = here > 0
                && here <= file.cloudSize()
                && expected.filter(etag -> !etag.isEmpty() && etag.equals(file.partEtag()))
                        .isPresent();
        var from = goesOn ? here : 0;
        folder.requireRoomFor(file.cloudSize() - from);
        var noted = expected.orElse(UNKNOWN_ETAG);
        if (from == 0) {
            Files.deleteIfExists(part);
            manifest.notePart(file.id(), noted, 0);
        }
        if (goesOn && from == file.cloudSize()) {
            return noted;
        }
        return storage.download(file.bucket(), file.name(), from, (etag, begins, content) -> {
            var isOther = expected.filter(known -> !known.isEmpty() && !known.equals(etag))
                    .isPresent();
            if (isOther || begins != 0 && begins != from) {
                throw new FolderException(FileException.changedThere());
            }
            try (var out = new PartFile(part, begins, bytes -> manifest.notePart(file.id(), noted, bytes))) {
                write(content, out);
            }
        });
    }

    private void write(InputStream content, PartFile part) throws IOException {
        try {
            var block = new byte[courtesy.block()];
            for (int read = content.read(block); read >= 0; read = content.read(block)) {
                courtesy.before(read);
                part.write(block, read);
            }
        } catch (IOException cut) {
            part.cutOff();
            throw cut;
        }
    }
}
