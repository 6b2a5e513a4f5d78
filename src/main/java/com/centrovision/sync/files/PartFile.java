package com.centrovision.sync.files;

import com.centrovision.sync.cloud.storage.FolderException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/**
 * A file that comes down. Only what the disk has for certain is gone on with after a cut: a machine that loses its power
 * may leave a part of the right length with other bytes. For one thread.
 */
final class PartFile implements AutoCloseable {
    private static final long LARGEST_LOSS = 8L << 20;
    private static final long SMALLEST_GAIN = 65_536;

    private final RandomAccessFile file;
    private final LongConsumer kept;
    private long written;
    private long certain;

    /** @param kept hears how many bytes are on the disk for certain */
    PartFile(Path part, long from, LongConsumer kept) throws FolderException {
        this.kept = kept;
        this.written = from;
        this.certain = from;
        try {
            file = new RandomAccessFile(part.toFile(), "rw");
            file.setLength(from);
            file.seek(from);
        } catch (IOException unopened) {
            throw new FolderException(unopened);
        }
    }

    void write(byte[] block, int length) throws FolderException {
        try {
            file.write(block, 0, length);
        } catch (IOException unwritten) {
            throw new FolderException(unwritten);
        }
        written += length;
        if (written - certain >= LARGEST_LOSS) {
            keep();
        }
    }

    /** The rest does not come now. */
    void cutOff() throws FolderException {
        if (written - certain >= SMALLEST_GAIN) {
            keep();
        }
    }

    private void keep() throws FolderException {
        try {
            file.getFD().sync();
        } catch (IOException unwritten) {
            throw new FolderException(unwritten);
        }
        certain = written;
        kept.accept(certain);
    }

    @Override
    public void close() throws FolderException {
        try {
            file.close();
        } catch (IOException unwritten) {
            throw new FolderException(unwritten);
        }
    }
}
