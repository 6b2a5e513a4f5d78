package com.centrovision.sync.files;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.cloud.CloudNotAskedException;
import com.centrovision.sync.cloud.CloudReason;
import com.centrovision.sync.config.Config;
import com.centrovision.sync.connection.Connection;
import com.centrovision.sync.testing.Rule;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CourtesyTest {
    private final Connection connection = new Connection(Clock.systemUTC());
    private final AtomicInteger asked = new AtomicInteger();
    private final Courtesy courtesy = new Courtesy(
            new Bandwidth(Config.Storage.OFF, System::nanoTime, Clock.systemUTC()),
            connection,
            () -> asked.incrementAndGet() < 4);

    @Test
    @Rule("8.5")
    void waitsWhileRowsAreAskedFor() throws IOException {
        connection.heard(CloudReason.OK, System.nanoTime());

        courtesy.before(1000);

        assertTrue(asked.get() > 1);
    }

    @Test
    void letsNothingGoWhileTheLineIsClosed() {
        assertThrows(CloudNotAskedException.class, () -> courtesy.before(1000));
    }

    @Test
    void letsNothingGoWhenTheServiceEnds() {
        connection.heard(CloudReason.OK, System.nanoTime());
        courtesy.stop();

        assertThrows(InterruptedIOException.class, () -> courtesy.before(1000));
    }
}
