package com.centrovision.sync.cloud;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.function.Function;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;

/** An answer's body that may be neither too large nor drip for ever; whatever breaks it is an outage. */
final class BoundedEntity extends HttpEntityWrapper {
    private static final long MAX_BYTES = 32L << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long SLOWEST_BYTES_PER_SECOND = 1024;

    private final Function<IOException, IOException> breakOff;

    BoundedEntity(HttpEntity entity, Function<IOException, IOException> breakOff) {
        super(entity);
        this.breakOff = breakOff;
    }

    @Override
    public InputStream getContent() throws IOException {
        return new BoundedStream(super.getContent(), breakOff);
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        try (var content = getContent()) {
            content.transferTo(out);
        }
    }

    private static final class BoundedStream extends FilterInputStream {
        private final Function<IOException, IOException> breakOff;
        private final long startedAt = System.nanoTime();
        private long read;

        BoundedStream(InputStream content, Function<IOException, IOException> breakOff) {
            super(content);
            this.breakOff = breakOff;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count;
            try {
                count = super.read(buffer, offset, length);
                var spent = Duration.ofNanos(System.nanoTime() - startedAt);
                if (spent.compareTo(PATIENCE.plusSeconds(read / SLOWEST_BYTES_PER_SECOND)) > 0) {
                    throw new SocketTimeoutException("the answer came too slowly");
                }
            } catch (IOException failure) {
                throw breakOff.apply(failure);
            }
            read += Math.max(count, 0);
            if (read > MAX_BYTES) {
                throw new AnswerTooLargeException(MAX_BYTES);
            }
            return count;
        }
    }
}
