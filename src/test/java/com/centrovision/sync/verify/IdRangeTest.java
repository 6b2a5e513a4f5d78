package com.centrovision.sync.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IdRangeTest {
    @Test
    void aTableInQuarters() {
        assertEquals(
                List.of(
                        new IdRange("", "3fffffff-ffff-ffff-ffff-ffffffffffff"),
                        new IdRange("3fffffff-ffff-ffff-ffff-ffffffffffff", "7fffffff-ffff-ffff-ffff-ffffffffffff"),
                        new IdRange("7fffffff-ffff-ffff-ffff-ffffffffffff", "bfffffff-ffff-ffff-ffff-ffffffffffff"),
                        new IdRange("bfffffff-ffff-ffff-ffff-ffffffffffff", "")),
                IdRange.parts(4));
    }

    @Test
    void noIdIsInTwoPartsOrInNone() {
        for (int count = 1; count <= 16; count++) {
            var parts = IdRange.parts(count);
            assertEquals(count, parts.size());
            assertEquals("", parts.get(0).after());
            assertEquals("", parts.get(count - 1).until());
            IntStream.range(1, count)
                    .forEach(part -> assertEquals(
                            parts.get(part - 1).until(), parts.get(part).after()));
        }
    }
}
