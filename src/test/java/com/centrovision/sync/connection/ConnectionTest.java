package com.centrovision.sync.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.cloud.CloudNotAskedException;
import com.centrovision.sync.cloud.CloudReason;
import com.centrovision.sync.testing.Rule;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Protocol 5: the state machine of the line. */
class ConnectionTest {
    private static final long SECOND = 1_000_000_000;

    private long nanos = Long.MAX_VALUE - 10 * SECOND;
    private Instant wall = Instant.parse("2026-05-01T09:00:00Z");
    private final List<String> changes = new ArrayList<>();
    private final Connection connection = new Connection(
            new Clock() {
                @Override
                public ZoneId getZone() {
                    return ZoneOffset.UTC;
                }

                @Override
                public Clock withZone(ZoneId zone) {
                    return this;
                }

                @Override
                public Instant instant() {
                    return wall;
                }
            },
            () -> nanos);

    @BeforeEach
    void open() {
        heardNow(CloudReason.OK);
        connection.tell((before, now) -> changes.add(now.word()));
        passes(60);
    }

    private void passes(long seconds) {
        nanos += seconds * SECOND;
        wall = wall.plusSeconds(seconds);
    }

    private void heardNow(CloudReason reason) {
        connection.heard(reason, nanos);
    }

    @ParameterizedTest
    @EnumSource
    void workIsDoneWhereTheReasonLetsIt(CloudReason reason) {
        heardNow(reason);

        assertEquals(reason.isOpen(), connection.isOpen());
        assertEquals(reason.word(), connection.state().reason());
        assertEquals(
                reason.isReachable() ? "supabase" : "local", connection.state().mode());
    }

    @Test
    void withoutTheClinicNothingIsLeft() {
        connection.clinicReachable(false);
        heardNow(CloudReason.NO_NETWORK);

        assertEquals("offline", connection.state().mode());
    }

    @Test
    @Rule("5.2")
    void whatWasAskedBeforeAnOutageTellsNothingAboutTheTimeAfterIt() {
        var askedBefore = nanos;
        passes(15);
        heardNow(CloudReason.TIMEOUT);

        connection.heard(CloudReason.OK, askedBefore);
        assertFalse(connection.isOpen());

        passes(1);
        heardNow(CloudReason.OK);
        connection.heard(CloudReason.TIMEOUT, askedBefore);

        assertTrue(connection.isOpen());
        assertEquals(List.of("timeout", "ok"), changes);
    }

    @Test
    void sinceTellsWhenTheReasonBegan() {
        heardNow(CloudReason.TIMEOUT);
        var lost = wall;
        passes(30);
        heardNow(CloudReason.TIMEOUT);

        assertEquals(lost, connection.state().since());
    }

    @ParameterizedTest
    @ValueSource(longs = {-86_400, -3600, -6, 6, 3600, 86_400})
    @Rule("5.5")
    void afterASleepOrAChangeOfTheClockTheCloudIsAskedFirst(long jump) {
        wall = wall.plusSeconds(jump);

        assertThrows(CloudNotAskedException.class, connection::requireOpen);
        assertEquals(List.of("clock-moved"), changes);

        heardNow(CloudReason.OK);
        assertTrue(connection.isOpen());
        passes(3600);
        assertTrue(connection.isOpen());
    }

    @Test
    void aClockThatDriftsIsNoJump() {
        for (int hour = 0; hour < 24; hour++) {
            passes(3600);
            wall = wall.plusMillis(1000);
            assertTrue(connection.isOpen());
        }
    }

    @Test
    @Rule("5.5")
    void aClockThatIsTurnedBackSilencesNoCheck() {
        heardNow(CloudReason.OK);
        wall = wall.minusSeconds(86_400);
        nanos += 31 * SECOND;

        assertTrue(connection.isSilentFor(Duration.ofSeconds(30)));
    }
}
