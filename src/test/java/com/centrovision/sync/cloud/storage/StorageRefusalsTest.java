package com.centrovision.sync.cloud.storage;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.centrovision.sync.cloud.CloudNotAskedException;
import com.centrovision.sync.cloud.CloudUnavailableException;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StorageRefusalsTest {
    private long now = Long.MAX_VALUE - 1_000_000_000;
    private final long began = now;
    private final StorageRefusals refusals = new StorageRefusals(() -> now);

    @ParameterizedTest
    @ValueSource(strings = {"30", " 30", "Fri, 01 May 2026 10:00:30 GMT"})
    void leavesTheStorageAloneForAsLongAsItAsks(String retryAfter) {
        var busy = new BasicClassicHttpResponse(429);
        busy.setHeader("Date", "Fri, 01 May 2026 10:00:00 GMT");
        busy.setHeader("Retry-After", retryAfter);

        assertThrows(CloudUnavailableException.class, () -> refusals.check(busy));

        now = began + 29_000_000_000L;
        assertThrows(CloudNotAskedException.class, refusals::requireNoQuiet);
        now = began + 30_000_000_000L;
        assertDoesNotThrow(refusals::requireNoQuiet);
    }
}
