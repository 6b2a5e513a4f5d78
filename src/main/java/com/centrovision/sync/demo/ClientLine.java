package com.centrovision.sync.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;

/** The bytes of a body between gateway and client: counted, slowed down, silenced or cut off. For one request. */
final class ClientLine {
    private static final int SLICES_PER_SECOND = 10;

    private final Socket client;
    private final ActiveFaults faults;
    private final ActiveFaults.Effects effects;
    private final RequestLog log;
    private final Optional<Integer> bytesPerSecond;
    private final long cutAt;
    private final long requestCutAt;
    private long written;

    ClientLine(Socket client, ActiveFaults faults, ActiveFaults.Effects effects, RequestLog log) {
        this.client = client;
        this.faults = faults;
        this.effects = effects;
        this.log = log;
        this.bytesPerSecond = effects.find(Effect.SlowLine.class).map(Effect.SlowLine::bytesPerSecond);
        this.cutAt = effects.find(Effect.Cut.class).map(Effect.Cut::bytes).orElse(Long.MAX_VALUE);
        this.requestCutAt = effects.find(Effect.CutRequest.class)
                .map(Effect.CutRequest::bytes)
                .orElse(Long.MAX_VALUE);
    }

    boolean isToBeCut() {
        return cutAt != Long.MAX_VALUE;
    }

    /** To be called before the last bytes of a body: an answer that is to be cut never comes to its end. */
    void beforeEnd() throws IOException {
        if (isToBeCut()) {
            throw new LineCut();
        }
        waitIfSilent();
    }

    OutputStream output() {
        return new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                write(new byte[] {(byte) one}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                for (int sent = 0; sent < length; ) {
                    waitIfSilent();
                    int slice = pass((int) Math.min(length - sent, cutAt - written));
                    log.sent(slice);
                    client.getOutputStream().write(bytes, offset + sent, slice);
                    sent += slice;
                    written += slice;
                    if (written >= cutAt) {
                        throw new LineCut();
                    }
                }
            }
        };
    }

    InputStream input(InputStream body) {
        return new InputStream() {
            private long taken;

            @Override
            public int read() throws IOException {
                var one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                waitIfSilent();
                if (taken >= requestCutAt) {
                    throw new LineCut();
                }
                int count = body.read(buffer, offset, pass((int) Math.min(length, requestCutAt - taken)));
                taken += Math.max(count, 0);
                return count;
            }
        };
    }

    private int pass(int wanted) throws IOException {
        if (bytesPerSecond.isEmpty() || faults.areHealedSince(effects)) {
            return wanted;
        }
        int slice = Math.min(wanted, Math.max(1, bytesPerSecond.get() / SLICES_PER_SECOND));
        try {
            faults.pause(Duration.ofNanos(1_000_000_000L * slice / bytesPerSecond.get()), effects);
        } catch (InterruptedException e) {
            throw new InterruptedIOException();
        }
        return slice;
    }

    /** Waits while a black hole swallows everything; after that the connection is good for nothing. */
    void waitIfSilent() throws IOException {
        try {
            if (faults.awaitEndOfSilence()) {
                throw new LineCut();
            }
        } catch (InterruptedException e) {
            throw new InterruptedIOException();
        }
    }

    /** The connection is to be reset here and now. */
    static final class LineCut extends IOException {
        private static final long serialVersionUID = 1L;
    }
}
