package com.centrovision.sync.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Clock;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.UUID;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that both sides changed, or that both have and neither from the other: where the contents are the same, it is
 * one; otherwise both are kept, the clinic's under a second name that goes up by itself. Threads share it.
 */
public final class BothChanged {
    private static final Logger LOG = LoggerFactory.getLogger(BothChanged.class);
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyy-MM-dd HH.mm.ss", Locale.ROOT);

    private final FileDown down;
    private final ClinicFolder folder;
    private final FileManifest manifest;
    private final FileNames names;
    private final Clock clock;

    BothChanged(FileDown down, ClinicFolder folder, FileManifest manifest, FileNames names, Clock clock) {
        this.down = down;
        this.folder = folder;
        this.manifest = manifest;
        this.names = names;
        this.clock = clock;
    }

    /** Called by the route {@code file-compare}. */
    public void settle(@Variable("file") String id) throws IOException {
        var file = manifest.find(UUID.fromString(id)).orElseThrow();
        var place = folder.file(file.bucket(), file.localName());
        if (!folder.holds(place, file)) {
            throw FileException.changedHere();
        }
        var ours = new Fingerprint(file.sha256(), file.md5(), file.stamp().size());
        if (ours.isSaidToBe(file.cloudSize(), file.cloudEtag())) {
            manifest.fetched(file, file.stamp(), ours);
            return;
        }
        var content = down.part(file);
        if (!folder.holds(place, file)) {
            throw FileException.changedHere();
        }
        if (content.sha256().equals(file.sha256())) {
            Files.delete(folder.part(file.id()));
            manifest.fetched(file, file.stamp(), content);
            return;
        }
        var second = secondName(file.localName());
        var kept = manifest.keepBoth(
                file,
                content.sha256(),
                names.inCloud(second).orElseThrow(() -> new FileException("name-too-long")),
                second);
        folder.rename(place, folder.file(file.bucket(), kept.localName()));
        manifest.putBack(file.id());
        LOG.warn("file changed on both sides and is kept twice file={} conflict={}", file.id(), kept.conflict());
    }

    /** Such as {@code retina (clinic 2026-11-22 15.30.12).jpg}. */
    private String secondName(String localName) {
        var mark = " (clinic " + STAMP.format(clock.instant().atZone(ZoneId.systemDefault())) + ")";
        var slash = localName.lastIndexOf('/');
        var dot = localName.lastIndexOf('.');
        var end = dot > slash + 1 ? dot : localName.length();
        var stem = localName.substring(slash + 1, end);
        var room = FileNames.LONGEST_PART_BYTES - bytes(mark) - bytes(localName.substring(end));
        while (bytes(stem) > Math.max(1, room)) {
            stem = stem.substring(0, stem.offsetByCodePoints(stem.length(), -1));
        }
        return localName.substring(0, slash + 1) + stem + mark + localName.substring(end);
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
