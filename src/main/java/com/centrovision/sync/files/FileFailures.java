package com.centrovision.sync.files;

import com.centrovision.sync.cloud.CloudNotAskedException;
import com.centrovision.sync.cloud.CloudReason;
import com.centrovision.sync.cloud.CloudRefusedException;
import com.centrovision.sync.cloud.CloudUnauthorizedException;
import com.centrovision.sync.cloud.CloudUnavailableException;
import com.centrovision.sync.connection.Failures;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.InvalidPathException;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** Notes why a file was not moved; it is tried again later and later, and silence of the cloud is no try. Threads share it. */
public final class FileFailures {
    private static final Logger LOG = LoggerFactory.getLogger(FileFailures.class);

    private final FileManifest manifest;
    private final ClinicFolder folder;
    private final Queue<Failure> unnoted = new ConcurrentLinkedQueue<>();

    /** What a failure says about the file itself. */
    enum Kind {
        TRY,
        /** Nobody answered, which tells nothing, or it was written while it was moved. */
        SILENCE,
        /** Nobody was asked: the cloud wants to be left alone, or the service ends. */
        UNASKED;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private record Failure(UUID file, String code, Kind kind) {}

    FileFailures(FileManifest manifest, ClinicFolder folder) {
        this.manifest = manifest;
        this.folder = folder;
    }

    /** Called by the failure rule {@code file-errors}. */
    public void failed(Exchange exchange) {
        var failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        var id = exchange.getVariable("file", String.class);
        var kind = kind(failure);
        var code = code(failure);
        note(new Failure(UUID.fromString(id), code, kind));
        if (kind == Kind.TRY) {
            LOG.warn("file not moved file={} code={}", id, code);
        } else {
            LOG.debug("file put off file={} code={}", id, code);
        }
    }

    private static Kind kind(Throwable failure) {
        if (find(failure, CloudNotAskedException.class).isPresent()
                || Thread.currentThread().isInterrupted()) {
            return Kind.UNASKED;
        }
        var isChangedThere = find(failure, FileException.class)
                .filter(FileException::isChangedThere)
                .isPresent();
        return Failures.isOutage(failure) || isChangedThere ? Kind.SILENCE : Kind.TRY;
    }

    /**
     * Called by the routes {@code files-look} and {@code file-next}: what the clinic's database did not take then. A lane that
     * goes on leaves none of its failures behind, to be noted when somebody has taken the file again.
     */
    public synchronized void noteAgain() {
        for (var failure = unnoted.poll(); failure != null; failure = unnoted.poll()) {
            note(failure);
        }
    }

    private void note(Failure failure) {
        try {
            manifest.failed(failure.file(), failure.code(), failure.kind());
        } catch (DataAccessException silent) {
            unnoted.add(failure);
            throw silent;
        }
    }

    private String code(Throwable failure) {
        return find(failure, FileException.class)
                .map(FileException::code)
                .or(() -> find(failure, CloudUnavailableException.class)
                        .map(silence -> silence.reason().word()))
                .or(() ->
                        find(failure, CloudUnauthorizedException.class).map(refusal -> CloudReason.UNAUTHORIZED.word()))
                .or(() -> find(failure, CloudRefusedException.class).map(CloudRefusedException::code))
                .or(() -> find(failure, AccessDeniedException.class).map(denied -> "file-in-use"))
                .or(() -> find(failure, InvalidPathException.class).map(unfit -> "name-unfit"))
                .or(() -> find(failure, IOException.class).map(this::ofFolder))
                .orElseGet(() -> failure.getClass().getSimpleName());
    }

    /** Java says of a full disk only what the system says, in the system's language. */
    private String ofFolder(IOException failure) {
        try {
            folder.requireRoomFor(0);
            return "folder";
        } catch (IOException full) {
            return "disk-full";
        }
    }

    private static <T extends Throwable> Optional<T> find(Throwable failure, Class<T> type) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst();
    }
}
