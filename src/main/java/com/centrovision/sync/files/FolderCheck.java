package com.centrovision.sync.files;

import com.centrovision.sync.problem.Problem;
import com.centrovision.sync.problem.ProblemCode;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.springframework.jdbc.core.JdbcTemplate;

/** Reads every file of the folder again and holds it against the manifest: a disk can lose bytes and tell nobody. */
public final class FolderCheck {
    private static final int PAGE = 500;
    private static final UUID FIRST = new UUID(0, 0);

    private final JdbcTemplate clinic;
    private final ClinicFolder folder;
    private final FileManifest manifest;
    private final Clock clock;

    /** What became of a file. */
    public enum State {
        INTACT,
        /** Not there; it is fetched again by itself. */
        MISSING,
        /** Written since the service looked; it looks again by itself. */
        CHANGED,
        /** Other bytes under the same size and time, which nobody has written, or none that the disk gives out. */
        DAMAGED
    }

    public record Finding(UUID id, String bucket, String name, State state) {}

    public FolderCheck(JdbcTemplate clinic, ClinicFolder folder, Clock clock) {
        this.clinic = clinic;
        this.folder = folder;
        this.manifest = new FileManifest(clinic);
        this.clock = clock;
    }

    /**
     * Tells of each file; where {@code repairs}, what is damaged and lies in the cloud, too, goes to the trash, and the
     * service fetches it again.
     */
    public void run(List<String> buckets, boolean repairs, Consumer<Finding> listener) throws IOException {
        requireFolder();
        var behind = FIRST;
        List<UUID> page;
        do {
            page = clinic.queryForList(
                    "select id from _sync_files where clinic_sha256 is not null and id > ? order by id limit ?",
                    UUID.class,
                    behind,
                    PAGE);
            for (var id : page) {
                behind = id;
                var file = manifest.find(id);
                if (file.isPresent() && buckets.contains(file.get().bucket())) {
                    listener.accept(look(file.get(), repairs));
                }
            }
        } while (page.size() == PAGE);
    }

    private void requireFolder() throws IOException {
        try {
            folder.require(manifest.holdsFiles());
        } catch (FileException missing) {
            throw new Problem(ProblemCode.FILES_FOLDER_MISSING, folder.path()).causedBy(missing);
        }
    }

    private Finding look(ManifestFile file, boolean repairs) throws IOException {
        var state = state(file);
        if (state == State.DAMAGED && repairs && manifest.isInCloudToo(file.id())) {
            folder.discard(
                    folder.file(file.bucket(), file.localName()),
                    file.bucket(),
                    file.localName(),
                    LocalDate.now(clock));
        }
        return new Finding(file.id(), file.bucket(), file.name(), state);
    }

    private State state(ManifestFile file) throws IOException {
        var place = folder.file(file.bucket(), file.localName());
        try {
            if (!FileStamp.of(place).equals(file.stamp())) {
                return State.CHANGED;
            }
            if (Fingerprint.of(place).sha256().equals(file.sha256())) {
                return State.INTACT;
            }
            return FileStamp.of(place).equals(file.stamp()) ? State.DAMAGED : State.CHANGED;
        } catch (NoSuchFileException absent) {
            return State.MISSING;
        } catch (AccessDeniedException denied) {
            throw denied;
        } catch (IOException unreadable) {
            return State.DAMAGED;
        }
    }
}
