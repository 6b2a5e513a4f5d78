package com.centrovision.sync.alerts;

import com.centrovision.sync.config.Severity;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/**
 * The one problem that the clinic's database cannot keep: that it is away. Held in memory and told straight over the
 * channels, each in a thread of its own.
 */
public final class ClinicOutage implements AutoCloseable {
    private static final Duration LASTS = Duration.ofMinutes(1);

    private final BooleanSupplier works;
    private final AlertTexts texts;
    private final Clock clock;
    private final List<Outbox> outboxes;
    private final ExecutorService senders;
    private Optional<Instant> awaySince = Optional.empty();
    private Instant seenAt;
    private boolean raised;

    /** @param works whether the clinic's database does all that it should */
    ClinicOutage(BooleanSupplier works, List<Channel> channels, AlertTexts texts, ChannelSender sender, Clock clock) {
        this.works = works;
        this.texts = texts;
        this.clock = clock;
        this.outboxes = channels.stream()
                .map(channel -> new Outbox(channel, sender, clock))
                .toList();
        this.senders = Executors.newCachedThreadPool(task -> {
            var thread = new Thread(task, "clinic-outage");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Called by the route {@code alerts-clinic}, one call at a time. */
    public void tick() {
        look(works.getAsBoolean());
        outboxes.forEach(outbox -> senders.execute(outbox::send));
    }

    private void look(boolean itWorks) {
        var now = clock.instant();
        if (!itWorks) {
            awaySince = awaySince.or(() -> Optional.of(now));
            seenAt = now;
            if (!raised && !awaySince.get().plus(LASTS).isAfter(now)) {
                raised = true;
                tell("raised", Optional.empty());
            }
        } else if (raised && !seenAt.plus(LASTS).isAfter(now)) {
            tell("solved", Optional.of(seenAt));
            raised = false;
            awaySince = Optional.empty();
        } else if (!raised) {
            awaySince = Optional.empty();
        }
    }

    private void tell(String stage, Optional<Instant> endedAt) {
        var alert = new Alert(
                "clinic-database",
                "clinic-database",
                Severity.CRITICAL,
                Optional.empty(),
                Map.of(),
                awaySince.orElseThrow(),
                endedAt);
        AlertLog.write(stage, alert);
        outboxes.forEach(outbox -> outbox.put(
                texts.message("clinic-" + alert.since().getEpochSecond() + "-" + stage, stage, alert),
                texts.message("clinic-" + alert.since().getEpochSecond() + "-passed", "passed", alert)));
    }

    @Override
    public void close() {
        senders.shutdownNow();
    }
}
