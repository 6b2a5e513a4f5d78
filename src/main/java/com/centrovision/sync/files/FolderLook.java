package com.centrovision.sync.files;

import com.centrovision.sync.files.FileManifest.Changed;
import com.centrovision.sync.files.FileManifest.Seen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks what is in the folder by now: new files, changed ones, and those that have vanished. One thread at a time. */
public final class FolderLook {
    private static final Logger LOG = LoggerFactory.getLogger(FolderLook.class);
    private static final int BATCH = 500;

    /** To look takes long where there are many files: the wait is as many times as long. */
    private static final long LOOK_SHARE = 20;

    /** What systems and programs leave for themselves. */
    private static final Pattern NOT_OURS = Pattern.compile(
            "(?i)(thumbs\\.db|desktop\\.ini|\\.ds_store|~\\$.*|\\.~lock\\..*|.*\\.(tmp|part|partial|crdownload))");

    private final List<String> buckets;
    private final ClinicFolder folder;
    private final FileManifest manifest;
    private final FileNames names;
    private final Clock clock;
    private final Map<Path, FileStamp> refused = new HashMap<>();
    private Map<Path, FileStamp> fresh = new HashMap<>();
    private Map<Path, FileStamp> freshNow = new HashMap<>();
    private long soonestAt = System.nanoTime();
    private int leftOut;
    private final Set<String> failing = new HashSet<>();

    FolderLook(List<String> buckets, ClinicFolder folder, FileManifest manifest, FileNames names, Clock clock) {
        this.buckets = buckets;
        this.folder = folder;
        this.manifest = manifest;
        this.names = names;
        this.clock = clock;
    }

    /** Called by the route {@code files-look}. A folder that cannot be read is told once. */
    public void look() {
        var startedAt = System.nanoTime();
        if (startedAt - soonestAt < 0) {
            return;
        }
        freshNow = new HashMap<>();
        try {
            Buckets.each(buckets, this::look);
        } finally {
            fresh = freshNow;
            soonestAt = System.nanoTime() + (System.nanoTime() - startedAt) * LOOK_SHARE;
        }
    }

    private void look(String bucket) {
        try {
            folder.require(manifest.holdsFiles());
            leftOut = 0;
            var read = read(bucket);
            var vanished = manifest.noteVanished(bucket, name -> isThere(bucket, name));
            manifest.noteLook(bucket, leftOut);
            failing.remove(bucket);
            if (read + vanished > 0) {
                LOG.info("folder changed bucket={} files={} vanished={}", bucket, read, vanished);
            }
        } catch (IOException unreadable) {
            failed(bucket, unreadable);
        }
    }

    private void failed(String bucket, IOException unreadable) {
        var code = unreadable instanceof FileException known ? known.code() : "folder";
        manifest.noteFolderFailure(bucket, code);
        if (failing.add(bucket)) {
            LOG.error(
                    "folder not looked at bucket={} code={} problem={}",
                    bucket,
                    code,
                    unreadable.getClass().getSimpleName()); // its message names files
        }
    }

    private int read(String bucket) throws IOException {
        var batch = new ArrayList<Seen>();
        var read = new int[1];
        folder.visit(bucket, (localName, file, attributes) -> {
            if (NOT_OURS.matcher(file.getFileName().toString()).matches()) {
                return;
            }
            if (!FileNames.isText(file)) {
                leftOut++;
                return;
            }
            var stamp = FileStamp.of(attributes);
            batch.add(new Seen(localName, cloudName(localName), stamp.size(), stamp.modified()));
            if (batch.size() == BATCH) {
                read[0] += readChanged(bucket, batch);
                batch.clear();
            }
        });
        return read[0] + readChanged(bucket, batch);
    }

    /** Null where only the manifest can know it: the name was shortened, or is too long for the cloud. */
    private String cloudName(String localName) {
        return CloudLook.isShortened(localName)
                ? null
                : names.inCloud(localName).orElse(null);
    }

    private int readChanged(String bucket, List<Seen> batch) throws IOException {
        int read = 0;
        for (var changed : manifest.changed(bucket, batch)) {
            var known = knownByOtherCase(bucket, changed);
            if (known.isPresent()) {
                for (var again : manifest.changed(bucket, List.of(known.get()))) {
                    read += readOne(bucket, again.file());
                }
            } else {
                read += readOne(bucket, changed.file());
            }
        }
        return read;
    }

    /** On Windows a file may change its name's capitals, and is the same file still. */
    private Optional<Seen> knownByOtherCase(String bucket, Changed changed) throws IOException {
        var seen = changed.file();
        if (changed.otherCase().isEmpty()
                || !folder.isSame(bucket, seen.localName(), changed.otherCase().get())) {
            return Optional.empty();
        }
        return Optional.of(new Seen(changed.otherCase().get(), seen.name(), seen.size(), seen.modified()));
    }

    private int readOne(String bucket, Seen seen) throws IOException {
        var file = folder.file(bucket, seen.localName());
        if (seen.name() == null) {
            LOG.debug("file left out code=name-too-long");
            leftOut++;
        } else if (seen.stamp().equals(refused.get(file))) {
            leftOut++;
        } else if (isSettled(file, seen.stamp()) && isRead(bucket, file, seen)) {
            return 1;
        }
        return 0;
    }

    /** What was written so lately that it may be written on is read when it is still the same at the next look. */
    private boolean isSettled(Path file, FileStamp stamp) {
        if (!stamp.isFresh(clock.instant())) {
            return true;
        }
        freshNow.put(file, stamp);
        return stamp.equals(fresh.get(file));
    }

    private boolean isRead(String bucket, Path file, Seen seen) {
        try {
            var content = Fingerprint.of(file);
            if (content.size() != seen.size() || !FileStamp.of(file).equals(seen.stamp())) {
                return false;
            }
            if (!manifest.noteInFolder(bucket, seen, content)) {
                LOG.warn("file left out code=name-taken bucket={}", bucket);
                refused.put(file, seen.stamp());
                leftOut++;
                return false;
            }
            return true;
        } catch (IOException inUse) {
            leftOut += seen.stamp().isFresh(clock.instant()) ? 0 : 1;
            return false;
        }
    }

    private boolean isThere(String bucket, String localName) {
        try {
            return !Files.notExists(folder.file(bucket, localName), LinkOption.NOFOLLOW_LINKS);
        } catch (IOException outside) {
            return false;
        }
    }
}
