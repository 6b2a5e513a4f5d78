package com.centrovision.sync.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.UUID;

/** Files of the clinic's folder for whoever asks for them by their place in the cloud. Threads share it. */
public final class KeptFiles {
    private final ClinicFolder folder;
    private final FileManifest manifest;

    /** What became of a question for a file. */
    public sealed interface Found {
        /** It is here, whole; {@code etag} is empty where a program has written it since it was read. */
        record Here(UUID id, Path place, long size, String type, String etag) implements Found {}

        /** It is on its way; from now on it comes first. */
        record NotYet(UUID id) implements Found {}

        /** Nobody has told of it. */
        record Unknown() implements Found {}
    }

    public KeptFiles(ClinicFolder folder, FileManifest manifest) {
        this.folder = folder;
        this.manifest = manifest;
    }

    /** @param name in the cloud, or below the bucket's folder */
    public Found find(String bucket, String name) throws IOException {
        var known = manifest.find(bucket, name);
        if (known.isEmpty()) {
            return new Found.Unknown();
        }
        var file = known.get();
        var place = folder.file(bucket, file.localName());
        if (!file.isInFolder() || !isThere(place)) {
            manifest.want(file.id());
            return new Found.NotYet(file.id());
        }
        var stamp = FileStamp.of(place);
        var etag = stamp.equals(file.stamp()) ? file.sha256() : "";
        return new Found.Here(file.id(), place, stamp.size(), FileTypes.of(file), etag);
    }

    private static boolean isThere(Path place) {
        return Files.isRegularFile(place, LinkOption.NOFOLLOW_LINKS);
    }
}
