package com.centrovision.sync.cloud.line;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;

/** A connection to the cloud whose bytes are counted as they go over the line, and whose connecting is bounded. */
final class LineSocket extends Socket {
    private static final int SLICE_BYTES = 8192;

    private final Calls calls;

    LineSocket(Calls calls) {
        this.calls = calls;
    }

    @Override
    public void connect(SocketAddress address, int timeoutMillis) throws IOException {
        super.connect(
                address, (int) Math.min(timeoutMillis, calls.leftToConnect().toMillis()));
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new FilterInputStream(super.getInputStream()) {
            @Override
            public int read() throws IOException {
                var one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                var count = super.read(buffer, offset, length);
                if (count > 0) {
                    calls.heard(count);
                }
                return count;
            }
        };
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return new FilterOutputStream(super.getOutputStream()) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                for (int sent = 0; sent < length; ) {
                    var slice = Math.min(SLICE_BYTES, length - sent);
                    out.write(bytes, offset + sent, slice);
                    calls.sent(slice);
                    sent += slice;
                }
            }
        };
    }
}
