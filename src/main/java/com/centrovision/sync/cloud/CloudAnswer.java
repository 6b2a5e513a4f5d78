package com.centrovision.sync.cloud;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.StreamCache;

/**
 * An answer of the cloud's that was read to its end, as Camel carries it without a copy. Whoever closes it gives its room to
 * the next one; it need not be closed. One thread at a time.
 */
public final class CloudAnswer extends ByteArrayInputStream implements StreamCache {
    private final Consumer<byte[]> room;

    CloudAnswer(byte[] buffer, int length, Consumer<byte[]> room) {
        super(buffer, 0, length);
        this.room = room;
    }

    /** Holds the answer from its beginning on, and more behind {@link #length}. */
    byte[] buffer() {
        return buf;
    }

    /** The whole of it, which is UTF-8 as all that PostgREST says. */
    public String text() {
        return new String(buf, 0, count, StandardCharsets.UTF_8);
    }

    @Override
    public long length() {
        return count;
    }

    @Override
    public long position() {
        return pos;
    }

    @Override
    public boolean inMemory() {
        return true;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        out.write(buf, pos, count - pos);
    }

    /** The same answer, which nobody has read of, in room of its own. */
    @Override
    public StreamCache copy(Exchange exchange) {
        return new CloudAnswer(Arrays.copyOf(buf, count), count, buffer -> {});
    }

    @Override
    public void close() {
        var buffer = buf;
        buf = new byte[0];
        pos = 0;
        count = 0;
        if (buffer.length > 0) {
            room.accept(buffer);
        }
    }
}
