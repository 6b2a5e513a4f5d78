package com.centrovision.sync.alerts;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.cloud.CloudClock;
import com.centrovision.sync.config.ConfigFile;
import com.centrovision.sync.connection.Connection;
import com.centrovision.sync.testing.Receiver;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** While the service waits at its start it has no routes of its own. */
class AlertingTest {
    private static final Instant NIGHT = Instant.parse("2026-11-21T05:30:00Z");

    private final AtomicReference<Instant> time = new AtomicReference<>(NIGHT);
    private final Clock clock = ((InstantSource) time::get).withZone(ZoneOffset.UTC);

    @Test
    void tellsAfterAMinuteThatTheClinicsDatabaseIsWaitedFor() {
        try (var receiver = new Receiver();
                var alerting = waitingFor(receiver)) {
            alerting.waits();
            time.set(NIGHT.plusSeconds(59));
            alerting.waits();
            time.set(NIGHT.plusSeconds(60));
            alerting.waits();
            alerting.waits();

            await().until(() -> receiver.received().size() == 1);
            var told = receiver.received().get(0);
            assertEquals("/alerts", told.path());
            assertTrue(told.body().contains("\"clinic-database\""), told::body);
        }
    }

    private Alerting waitingFor(Receiver receiver) {
        var config = ConfigFile.read(
                Path.of("config.toml"),
                """
                [supabase]
                url = "https://clinic.supabase.co"
                service_key = "sb_secret_0123456789abcdef"
                [local_postgres]
                password = "secret"
                [alerts_webhook]
                url = "%s/alerts"
                secret = "webhook-secret"
                """
                        .formatted(receiver.address()),
                Map.of());
        var home = Path.of("").toAbsolutePath();
        return new Alerting(config, home, new Connection(clock), () -> false, new CloudClock(clock), clock);
    }
}
