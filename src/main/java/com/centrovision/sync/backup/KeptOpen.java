package com.centrovision.sync.backup;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** A channel whose end does not close what is behind it, which has still to be brought to the disk. */
final class KeptOpen implements WritableByteChannel {
    private final OutputStream behind;
    private boolean open = true;

    KeptOpen(OutputStream behind) {
        this.behind = behind;
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        var block = new byte[bytes.remaining()];
        bytes.get(block);
        behind.write(block);
        return block.length;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() {
        open = false;
    }
}
