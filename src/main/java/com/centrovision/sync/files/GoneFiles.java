package com.centrovision.sync.files;

import com.centrovision.sync.cloud.storage.StorageApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/** Files that are gone in the cloud go to a dated trash here, and from there after some weeks for good. Threads share it. */
public final class GoneFiles {
    private static final Logger LOG = LoggerFactory.getLogger(GoneFiles.class);

    private final StorageApi storage;
    private final ClinicFolder folder;
    private final FileManifest manifest;
    private final int keepDays;
    private final Supplier<LocalDate> today;
    private final BooleanSupplier isTodayKnown;

    /** @param isTodayKnown whether the cloud has told its time: this machine's alone may be years off */
    GoneFiles(
            StorageApi storage,
            ClinicFolder folder,
            FileManifest manifest,
            int keepDays,
            Supplier<LocalDate> today,
            BooleanSupplier isTodayKnown) {
        this.storage = storage;
        this.folder = folder;
        this.manifest = manifest;
        this.keepDays = keepDays;
        this.today = today;
        this.isTodayKnown = isTodayKnown;
    }

    /** Called by the route {@code file-trash}. The cloud is asked for this one file once more, and key and bucket proved again. */
    public void discard(@Variable("file") String id) throws IOException {
        var file = manifest.find(UUID.fromString(id)).orElseThrow();
        folder.require(true);
        storage.requireBucket(file.bucket());
        var inCloud = storage.find(file.bucket(), file.name());
        storage.requireBucket(file.bucket());
        if (inCloud.isPresent()) {
            manifest.noteInCloud(file.id(), inCloud, Optional.empty());
            return;
        }
        var place = folder.file(file.bucket(), file.localName());
        if (folder.holds(place, file)) {
            folder.discard(place, file.bucket(), file.localName(), today.get());
        }
        manifest.trashed(file.id());
        LOG.info("file is gone in the cloud and was moved to the trash file={} bucket={}", file.id(), file.bucket());
    }

    /** Called by the route {@code files-trim}: days of the trash that are over, and parts that belong to nothing. */
    public void trim() {
        try {
            if (isTodayKnown.getAsBoolean()) {
                emptyTrash();
            }
            deleteParts();
        } catch (IOException unreadable) {
            LOG.warn("trash not emptied problem={}", unreadable.getClass().getSimpleName());
        }
    }

    private void emptyTrash() throws IOException {
        var oldest = today.get().minusDays(keepDays);
        for (var day : entries(folder.trash())) {
            if (date(day).filter(oldest::isAfter).isPresent()) {
                FileSystemUtils.deleteRecursively(day);
                LOG.info("trash emptied day={}", day.getFileName());
            }
        }
    }

    private void deleteParts() throws IOException {
        for (var part : entries(folder.parts())) {
            var id = part.getFileName().toString().replace(".part", "");
            if (id.matches("[0-9a-f-]{36}") && isLeftOver(UUID.fromString(id))) {
                Files.deleteIfExists(part);
            }
        }
    }

    private boolean isLeftOver(UUID id) {
        return manifest.find(id).filter(file -> !file.partEtag().isEmpty()).isEmpty();
    }

    private static Optional<LocalDate> date(Path day) {
        try {
            return Optional.of(LocalDate.parse(day.getFileName().toString()));
        } catch (DateTimeException other) {
            return Optional.empty();
        }
    }

    private static List<Path> entries(Path of) throws IOException {
        if (!Files.isDirectory(of)) {
            return List.of();
        }
        try (var entries = Files.list(of)) {
            return entries.toList();
        }
    }
}
