package com.centrovision.sync.cloud;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AnswerBuffersTest {
    private final AnswerBuffers buffers = new AnswerBuffers();

    private static byte[] bytes(int length) {
        var bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    /** Comes in pieces, as from a line. */
    private CloudAnswer read(byte[] bytes) throws IOException {
        return buffers.read(new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] buffer, int offset, int length) {
                return super.read(buffer, offset, Math.min(length, 7000));
            }
        });
    }

    @Test
    void readsAnswersOfAnyLength() throws IOException {
        for (int length : new int[] {0, 1, 16_383, 16_384, 16_385, 1_000_000, 3}) {
            try (var answer = read(bytes(length))) {
                assertEquals(length, answer.length());
                assertArrayEquals(bytes(length), answer.readAllBytes());
            }
        }
    }

    @Test
    void roomThatWasGivenBackIsUsedAgain() throws IOException {
        var first = read(bytes(500_000));
        var room = first.buffer();
        first.close();

        try (var second = read(bytes(20))) {
            assertSame(room, second.buffer());
            assertArrayEquals(bytes(20), second.readAllBytes());
        }
    }

    @Test
    void anAnswerThatIsReadKeepsItsRoom() throws IOException {
        var first = read(bytes(100));
        var second = read(bytes(200));

        assertNotSame(first.buffer(), second.buffer());
        assertArrayEquals(bytes(100), first.readAllBytes());
    }

    @Test
    void roomIsGivenBackOnceAndWithIt() throws IOException {
        var answer = read(bytes(100));
        answer.close();
        answer.close();

        var second = read(bytes(100));
        var third = read(bytes(100));

        assertNotSame(second.buffer(), third.buffer());
        assertEquals(0, answer.length());
        assertEquals(-1, answer.read());
    }

    @Test
    void veryLargeRoomIsNotKept() throws IOException {
        var large = read(bytes(5 << 20));
        var room = large.buffer();
        large.close();

        assertNotSame(room, read(bytes(10)).buffer());
    }

    @Test
    void aCopyOutlivesTheAnswer() throws IOException {
        var answer = read(bytes(100));
        var copy = answer.copy(null);
        answer.close();

        var written = new ByteArrayOutputStream();
        copy.writeTo(written);
        assertArrayEquals(bytes(100), written.toByteArray());
    }
}
