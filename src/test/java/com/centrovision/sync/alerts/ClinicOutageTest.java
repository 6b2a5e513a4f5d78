package com.centrovision.sync.alerts;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.centrovision.sync.config.Alerts;
import com.centrovision.sync.config.Severity;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The clinic's database is away: told from memory, over channels of which one fails and one hangs. */
class ClinicOutageTest {
    private static final Instant NIGHT = Instant.parse("2026-11-21T05:30:00Z");

    private final AtomicReference<Instant> time = new AtomicReference<>(NIGHT);
    private final Clock clock = ((InstantSource) time::get).withZone(ZoneOffset.UTC);
    private final AtomicBoolean works = new AtomicBoolean(true);
    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final CountDownLatch hangs = new CountDownLatch(1);
    private final List<AlertMessage> mails = new CopyOnWriteArrayList<>();
    private final List<AlertMessage> chats = new CopyOnWriteArrayList<>();
    private final AtomicInteger chatTries = new AtomicInteger();
    private volatile boolean chatFails;
    private ClinicOutage outage;

    @BeforeEach
    void channels() throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:alert-mail").process(exchange -> mails.add(told(exchange)));
                from("direct:alert-webhook").process(exchange -> hangs.await());
                from("direct:alert-telegram").errorHandler(noErrorHandler()).process(exchange -> {
                    if (chatFails) {
                        chatTries.incrementAndGet();
                        throw new ChannelRefusedException(503);
                    }
                    chats.add(told(exchange));
                });
            }
        });
        camel.start();
        outage = new ClinicOutage(
                works::get,
                List.of(
                        new Channel("webhook", Severity.INFO),
                        new Channel("mail", Severity.WARNING),
                        new Channel("telegram", Severity.CRITICAL)),
                new AlertTexts(Alerts.defaults(), clock),
                new ChannelSender(() -> camel),
                clock);
    }

    private static AlertMessage told(Exchange exchange) {
        return exchange.getMessage().getBody(AlertMessage.class);
    }

    @AfterEach
    void stop() {
        hangs.countDown();
        outage.close();
        camel.stop();
    }

    private void tickAfter(int seconds) {
        time.updateAndGet(now -> now.plusSeconds(seconds));
        outage.tick();
    }

    private void ticksUntil(int seconds, Callable<Boolean> done) {
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            tickAfter(seconds);
            return done.call();
        });
    }

    private static <T> List<T> each(List<AlertMessage> messages, Function<AlertMessage, T> what) {
        return messages.stream().map(what).toList();
    }

    @Test
    void itIsToldAfterAMinuteAndSolvedAfterAnother() {
        chatFails = true;
        works.set(false);
        tickAfter(0);
        tickAfter(55);
        works.set(true);
        tickAfter(5);
        works.set(false);
        tickAfter(1);
        tickAfter(59);
        assertEquals(List.of(), mails);

        tickAfter(2);
        ticksUntil(0, () -> mails.size() == 1 && chatTries.get() == 1);
        tickAfter(100);
        works.set(true);
        tickAfter(20);
        tickAfter(50);
        ticksUntil(0, () -> mails.size() == 2);
        chatFails = false;
        ticksUntil(31, () -> mails.size() == 2 && chats.size() == 1);

        assertEquals(List.of("raised", "solved"), each(mails, AlertMessage::stage));
        assertEquals(List.of("passed"), each(chats, AlertMessage::stage), "it had failed until then");
        assertTrue(
                mails.get(0).text().contains("20/11/2026 23:31"), mails.get(0).text());
        assertEquals(List.of(NIGHT.plusSeconds(61)), each(chats, message -> message.alert()
                .since()));
        assertEquals(2, each(mails, AlertMessage::id).stream().distinct().count());
    }
}
