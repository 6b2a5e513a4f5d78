package com.centrovision.sync.alerts;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The message that one channel still has to send, kept in memory and tried until it is through. Threads share it. */
final class Outbox {
    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(30);

    private final Channel channel;
    private final ChannelSender sender;
    private final Clock clock;
    private Optional<AlertMessage> waiting = Optional.empty();
    private Optional<Next> next = Optional.empty();
    private Instant nextTry = Instant.EPOCH;
    private boolean sending;
    private volatile boolean fails;

    Outbox(Channel channel, ChannelSender sender, Clock clock) {
        this.channel = channel;
        this.sender = sender;
        this.clock = clock;
    }

    /** What is put while the one before is on its way. */
    private record Next(AlertMessage message, AlertMessage together) {}

    /** @param together what is said instead where the one before has not been sent yet */
    synchronized void put(AlertMessage message, AlertMessage together) {
        if (sending) {
            next = Optional.of(new Next(message, together));
        } else {
            waiting = Optional.of(waiting.isPresent() ? together : message);
        }
    }

    void send() {
        var message = take();
        if (message.isPresent()) {
            try {
                sender.send(channel, message.get());
                ended(true);
            } catch (RuntimeException failure) {
                ended(false);
                if (!fails) {
                    LOG.warn(
                            "alert not sent, tried again later channel={} reason={}",
                            channel.name(),
                            ChannelFailure.word(failure));
                }
                fails = true;
            }
        }
    }

    private synchronized Optional<AlertMessage> take() {
        if (sending || clock.instant().isBefore(nextTry)) {
            return Optional.empty();
        }
        sending = waiting.isPresent();
        return waiting;
    }

    private synchronized void ended(boolean sent) {
        sending = false;
        nextTry = sent ? Instant.EPOCH : clock.instant().plus(BETWEEN_TRIES);
        if (sent) {
            fails = false;
            waiting = next.map(Next::message);
        } else {
            waiting = next.map(Next::together).or(() -> waiting);
        }
        next = Optional.empty();
    }
}
