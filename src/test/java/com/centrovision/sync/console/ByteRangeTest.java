package com.centrovision.sync.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangeTest {
    @ParameterizedTest
    @CsvSource({
        "bytes=0-9, 0, 9",
        "bytes=10-, 10, 99",
        "bytes=-30, 70, 99",
        "bytes=-500, 0, 99",
        "bytes=90-500, 90, 99",
        "bytes=99-99, 99, 99"
    })
    void isThePartThatIsAskedFor(String text, long from, long to) {
        assertEquals(Optional.of(new ByteRange(from, to)), ByteRange.parse(text, 100));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=0-9,20-29", "bytes=-", "bytes=9-3", "lines=0-9", "bytes=a-b", ""})
    void whatIsNotOnePartIsAnsweredWithAll(String text) {
        assertEquals(Optional.empty(), ByteRange.parse(text, 100));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=100-", "bytes=100-200", "bytes=-0"})
    void whatTheFileHasNothingOfIsOutside(String text) {
        assertTrue(ByteRange.parse(text, 100).orElseThrow().isOutside());
    }

    @Test
    void anEmptyFileHasNoPart() {
        assertEquals(0, ByteRange.all(0).length());
        assertTrue(ByteRange.parse("bytes=0-", 0).orElseThrow().isOutside());
    }
}
