package com.centrovision.sync.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Server-sent events for all who listen: what is true now at once, then, looked at twice a second while anybody listens,
 * whatever differs from what was sent before. A listener is sent away after a while and comes back by itself, so that it is
 * asked again who it is. Threads share it.
 */
final class EventStream implements Handler<RoutingContext> {
    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);
    private static final String TYPE = "text/event-stream; charset=utf-8";
    private static final int MOST_LISTENERS = 200;
    private static final long PAUSE_MILLIS = 500;
    private static final long LONGEST_NANOS = Duration.ofMinutes(10).toNanos();
    private static final long SIGN_OF_LIFE_NANOS = Duration.ofSeconds(15).toNanos();

    private final StatusFeed feed;
    private final Source source;
    private final Map<HttpServerResponse, Long> since = new ConcurrentHashMap<>();
    private boolean looks;
    private String last = "";
    private long sentAt = System.nanoTime();

    /** What is true now, in one line; empty where that is not known. */
    interface Source {
        String now() throws JsonProcessingException;
    }

    EventStream(StatusFeed feed, Source source) {
        this.feed = feed;
        this.source = source;
    }

    @Override
    public void handle(RoutingContext request) {
        var response = request.response();
        if (since.size() >= MOST_LISTENERS) {
            response.setStatusCode(503).putHeader("Retry-After", "10").end();
            return;
        }
        response.setChunked(true).putHeader("Content-Type", TYPE);
        response.exceptionHandler(gone -> since.remove(response));
        response.closeHandler(closed -> since.remove(response));
        feed.looked(request.vertx()).onComplete(looked -> join(request));
    }

    /** What a stream would begin with, and no stream. */
    static void head(RoutingContext request) {
        request.response().putHeader("Content-Type", TYPE).end();
    }

    private synchronized void join(RoutingContext request) {
        var response = request.response();
        if (response.closed()) {
            return;
        }
        try {
            response.write("retry: 2000\n\n" + event(source.now()));
        } catch (JsonProcessingException impossible) {
            request.fail(impossible);
            return;
        }
        since.put(response, System.nanoTime());
        if (!looks) {
            looks = true;
            request.vertx().setPeriodic(PAUSE_MILLIS, timer -> look(request.vertx(), timer));
        }
    }

    private synchronized void look(Vertx vertx, long timer) {
        if (since.isEmpty()) {
            looks = false;
            vertx.cancelTimer(timer);
            return;
        }
        feed.looked(vertx);
        try {
            tell(source.now());
        } catch (JsonProcessingException impossible) {
            LOG.debug("events not sent problem={}", impossible.getClass().getSimpleName());
        }
    }

    private void tell(String now) {
        var at = System.nanoTime();
        if (!now.equals(last)) {
            last = now;
            send(event(now), at);
        } else if (at - sentAt > SIGN_OF_LIFE_NANOS) {
            send(": alive\n\n", at);
        }
        since.forEach((response, joined) -> {
            if (at - joined > LONGEST_NANOS) {
                leave(response);
            }
        });
    }

    /** Who does not take what was sent is sent away. */
    private void send(String text, long at) {
        sentAt = at;
        since.keySet().forEach(response -> {
            if (response.writeQueueFull()) {
                leave(response);
            } else {
                response.write(text);
            }
        });
    }

    private void leave(HttpServerResponse response) {
        since.remove(response);
        response.end();
    }

    private static String event(String data) {
        return data.isEmpty() ? "" : "data: " + data + "\n\n";
    }
}
