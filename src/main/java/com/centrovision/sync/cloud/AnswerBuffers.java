package com.centrovision.sync.cloud;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Room to read answers into, which is used again and again: pages of a megabyte, each in room of its own, would be most of what the
 * garbage collector has to do. What nobody uses is free memory. Threads share it.
 */
final class AnswerBuffers {
    private static final int KEPT = 8;
    private static final int FIRST_BYTES = 16_384;
    private static final int MOST_KEPT_BYTES = 4 << 20;

    private final Queue<WeakReference<byte[]>> free = new ArrayBlockingQueue<>(KEPT);

    /** Reads to the end. */
    CloudAnswer read(InputStream content) throws IOException {
        var buffer = take();
        int length = 0;
        for (int count = 0; count >= 0; length += Math.max(count, 0)) {
            if (length == buffer.length) {
                buffer = Arrays.copyOf(buffer, buffer.length + buffer.length / 2);
            }
            count = content.read(buffer, length, buffer.length - length);
        }
        return new CloudAnswer(buffer, length, this::give);
    }

    private byte[] take() {
        for (var kept = free.poll(); kept != null; kept = free.poll()) {
            var buffer = kept.get();
            if (buffer != null) {
                return buffer;
            }
        }
        return new byte[FIRST_BYTES];
    }

    private void give(byte[] buffer) {
        if (buffer.length <= MOST_KEPT_BYTES) {
            free.offer(new WeakReference<>(buffer));
        }
    }
}
