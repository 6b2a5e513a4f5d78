package com.centrovision.sync.files;

import com.centrovision.sync.cloud.storage.StorageApi;
import com.centrovision.sync.cloud.storage.TusUploads;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one file up: at once where it is small, else in parts that go on after a cut. The cloud compares nothing, so it is
 * asked what it has right before the last bytes. Threads share it.
 */
public final class FileUp {
    private static final Logger LOG = LoggerFactory.getLogger(FileUp.class);

    private final StorageApi storage;
    private final TusUploads uploads;
    private final ClinicFolder folder;
    private final FileManifest manifest;
    private final Courtesy courtesy;

    FileUp(StorageApi storage, ClinicFolder folder, FileManifest manifest, Courtesy courtesy) {
        this.storage = storage;
        this.uploads = storage.resumableUploads();
        this.folder = folder;
        this.manifest = manifest;
        this.courtesy = courtesy;
    }

    /** Called by the route {@code file-up}. */
    public void send(@Variable("file") String id) throws IOException {
        var startedAt = System.nanoTime();
        var file = manifest.find(UUID.fromString(id)).orElseThrow();
        folder.require(true);
        var place = folder.file(file.bucket(), file.localName());
        if (!folder.holds(place, file)) {
            throw FileException.changedHere();
        }
        if (file.stamp().size() > storage.requireBucket(file.bucket())) {
            throw new FileException("EntityTooLarge"); // a storage that refuses it may hang up before it has said so
        }
        var atOnce = Math.min(TusUploads.PART_BYTES, courtesy.atOnce());
        var isSent = file.stamp().size() <= atOnce ? sendAtOnce(file, place) : sendInParts(file, place);
        var inCloud = storage.find(file.bucket(), file.name());
        if (!isSent) {
            manifest.noteInCloud(file.id(), inCloud, Optional.empty());
            return;
        }
        var ours = new Fingerprint(file.sha256(), file.md5(), file.stamp().size());
        var isOurs = inCloud.filter(found -> ours.agreesWith(found.size(), found.etag()))
                .isPresent();
        manifest.noteInCloud(file.id(), inCloud, isOurs ? Optional.of(file.sha256()) : Optional.empty());
        LOG.info(
                "file went up file={} bucket={} bytes={} ms={}",
                file.id(),
                file.bucket(),
                file.stamp().size(),
                (System.nanoTime() - startedAt) / 1_000_000);
    }

    private boolean sendAtOnce(ManifestFile file, Path place) throws IOException {
        var content = content(place);
        if (!Fingerprint.of(new ByteArrayInputStream(content)).sha256().equals(file.sha256())) {
            throw FileException.changedHere();
        }
        if (!isAsKnown(file)) {
            return false;
        }
        storage.upload(
                file.bucket(),
                file.name(),
                FileSlice.of(content, FileTypes.of(file), courtesy),
                !file.cloudVersion().isEmpty());
        return true;
    }

    private static byte[] content(Path place) throws IOException {
        try (var content = Files.newInputStream(place, LinkOption.NOFOLLOW_LINKS)) {
            return content.readNBytes(TusUploads.PART_BYTES + 1);
        }
    }

    private boolean sendInParts(ManifestFile file, Path place) throws IOException {
        var size = file.stamp().size();
        if (!isAsKnown(file)) {
            return false;
        }
        var upload = upload(file);
        for (long arrived = upload.arrived(); arrived < size; ) {
            var isLast = size - arrived <= TusUploads.PART_BYTES;
            if (isLast && !Fingerprint.of(place).sha256().equals(file.sha256())) {
                throw FileException.changedHere();
            }
            if (isLast && !isAsKnown(file)) {
                return false;
            }
            var length = Math.min(TusUploads.PART_BYTES, size - arrived);
            arrived = uploads.append(
                    upload.id(),
                    arrived,
                    FileSlice.of(place, arrived, length, "application/offset+octet-stream", courtesy));
            manifest.noteProgress(file.id());
        }
        return true;
    }

    private record Upload(String id, long arrived) {}

    private Upload upload(ManifestFile file) throws IOException {
        if (!file.uploadId().isEmpty() && file.uploadSha256().equals(file.sha256())) {
            var arrived = uploads.arrived(file.uploadId());
            if (arrived.isPresent()) {
                return new Upload(file.uploadId(), arrived.getAsLong());
            }
        }
        var id = uploads.begin(
                file.bucket(),
                file.name(),
                FileTypes.of(file),
                file.stamp().size(),
                !file.cloudVersion().isEmpty());
        manifest.noteUpload(file.id(), id, file.sha256());
        return new Upload(id, 0);
    }

    /** Whether the cloud still has what this change was made on. The same content written again is the same. */
    private boolean isAsKnown(ManifestFile file) throws IOException {
        var found = storage.find(file.bucket(), file.name());
        if (found.isEmpty() || file.cloudVersion().isEmpty()) {
            return found.isEmpty() && file.cloudVersion().isEmpty();
        }
        var now = found.get();
        return now.version().equals(file.cloudVersion())
                || now.size() == file.cloudSize()
                        && !now.etag().isEmpty()
                        && now.etag().equals(file.cloudEtag());
    }
}
