package com.centrovision.sync.demo;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** The bodies of HTTP/1.1 messages as streams: counted, in chunks, or up to the end of the connection. */
final class HttpBody {
    private HttpBody() {}

    static InputStream ofRequest(HttpHead head, InputStream in) {
        if (head.says("Transfer-Encoding", "chunked")) {
            return new Chunks(in);
        }
        return new Counted(
                in, head.header("Content-Length").map(Long::parseLong).orElse(0L));
    }

    static InputStream ofAnswer(HttpHead head, InputStream in) {
        if (head.says("Transfer-Encoding", "chunked")) {
            return new Chunks(in);
        }
        return head.header("Content-Length")
                .map(length -> (InputStream) new Counted(in, Long.parseLong(length)))
                .orElse(in);
    }

    /** Reads so many bytes of a connection and leaves the rest. */
    private static final class Counted extends InputStream {
        private final InputStream in;
        private long left;

        private Counted(InputStream in, long length) {
            this.in = in;
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int count = in.read(buffer, offset, (int) Math.min(length, left));
            if (count < 0) {
                throw new EOFException();
            }
            left -= count;
            return count;
        }
    }

    /** Takes a chunked body apart. */
    private static final class Chunks extends InputStream {
        private final InputStream in;
        private long left;
        private boolean atEnd;

        private Chunks(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (left == 0) {
                openNext();
            }
            if (atEnd) {
                return -1;
            }
            int count = in.read(buffer, offset, (int) Math.min(length, left));
            if (count < 0) {
                throw new EOFException();
            }
            left -= count;
            if (left == 0) {
                HttpHead.requireLine(in);
            }
            return count;
        }

        private void openNext() throws IOException {
            if (atEnd) {
                return;
            }
            left = Long.parseLong(HttpHead.requireLine(in).split(";")[0].strip(), 16);
            if (left == 0) {
                atEnd = true;
                while (!HttpHead.requireLine(in).isEmpty()) {
                    continue;
                }
            }
        }
    }

    /** Puts a body into chunks, one for each write; closing ends the body, not the connection. */
    static final class ChunkedOutput extends OutputStream {
        private final OutputStream out;

        ChunkedOutput(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (length > 0) {
                out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                out.write(bytes, offset, length);
                out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
            }
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }

        @Override
        public void close() throws IOException {
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }
    }
}
