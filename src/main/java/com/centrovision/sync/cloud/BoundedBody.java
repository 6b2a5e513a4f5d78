package com.centrovision.sync.cloud;

import com.centrovision.sync.cloud.line.Call;
import com.centrovision.sync.cloud.line.Calls;
import com.centrovision.sync.cloud.line.Line;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.function.Function;

/** An answer's body that may be neither too large nor drip for ever; whatever breaks it is an outage. */
final class BoundedBody extends FilterInputStream {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** A twelfth of a line of 2 KB/s is no drip yet. */
    private static final long DRIP_BYTES_PER_SECOND = 128;

    private final long mostBytes;
    private final Line line;
    private final Calls calls;
    private final Call call;
    private final Function<IOException, IOException> breakOff;
    private final long startedAt;
    private final Measurement measurement;
    private long read;

    BoundedBody(
            InputStream content,
            long mostBytes,
            Line line,
            Calls calls,
            Call call,
            Function<IOException, IOException> breakOff) {
        super(content);
        this.mostBytes = mostBytes;
        this.line = line;
        this.calls = calls;
        this.call = call;
        this.breakOff = breakOff;
        this.startedAt = line.now();
        this.measurement = new Measurement(line);
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count;
        calls.waits(call);
        try {
            count = super.read(buffer, offset, length);
            var spent = Duration.ofNanos(line.now() - startedAt);
            if (spent.compareTo(PATIENCE.plusSeconds(read / DRIP_BYTES_PER_SECOND)) > 0) {
                throw new SocketTimeoutException("the answer came too slowly");
            }
        } catch (IOException failure) {
            throw breakOff.apply(failure);
        } finally {
            calls.goesOn(call);
        }
        measurement.read(count < 0);
        read += Math.max(count, 0);
        if (read > mostBytes) {
            throw new AnswerTooLargeException(mostBytes);
        }
        return count;
    }
}
