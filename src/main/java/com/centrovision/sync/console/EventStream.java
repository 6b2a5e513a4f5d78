package com.centrovision.sync.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Server-sent events for all who listen: what is true now at once, then whatever differs from what was sent before.
 * A listener is sent away after a while and comes back by itself, so that it is asked again who it is. Threads share it.
 */
final class EventStream implements Handler<RoutingContext> {
    private static final int MOST_LISTENERS = 200;
    private static final long LONGEST_NANOS = Duration.ofMinutes(10).toNanos();
    private static final long SIGN_OF_LIFE_NANOS = Duration.ofSeconds(15).toNanos();

    private final Source source;
    private final Map<HttpServerResponse, Long> since = new ConcurrentHashMap<>();
    private String last = "";
    private long sentAt = System.nanoTime();

    /** What is true now, in one line; empty where that is not known. */
    interface Source {
        String now() throws JsonProcessingException;
    }

    EventStream(Source source) {
        this.source = source;
    }

    @Override
    public void handle(RoutingContext request) {
        var response = request.response();
        if (since.size() >= MOST_LISTENERS) {
            response.setStatusCode(503).putHeader("Retry-After", "10").end();
            return;
        }
        response.setChunked(true).putHeader("Content-Type", "text/event-stream; charset=utf-8");
        response.exceptionHandler(gone -> since.remove(response));
        response.closeHandler(closed -> since.remove(response));
        try {
            join(response, source.now());
        } catch (JsonProcessingException impossible) {
            request.fail(impossible);
        }
    }

    private synchronized void join(HttpServerResponse response, String now) {
        response.write("retry: 2000\n\n" + event(now));
        since.put(response, System.nanoTime());
    }

    /** Sends what has changed; called every half second. */
    public void tick() throws JsonProcessingException {
        if (since.isEmpty()) {
            return;
        }
        var now = source.now();
        var at = System.nanoTime();
        synchronized (this) {
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
