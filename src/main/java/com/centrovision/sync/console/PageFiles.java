package com.centrovision.sync.console;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** The files of the page: these and no others. */
final class PageFiles {
    private static final Map<String, String> TYPES = Map.of(
            "index.html", "text/html; charset=utf-8",
            "login.html", "text/html; charset=utf-8",
            "console.css", "text/css; charset=utf-8",
            "console.js", "text/javascript; charset=utf-8",
            "login.js", "text/javascript; charset=utf-8",
            "favicon.svg", "image/svg+xml");

    private PageFiles() {}

    static void serve(Router router) {
        router.get("/").handler(file("index.html"));
        TYPES.keySet().stream().filter(name -> !name.equals("login.html")).forEach(name -> router.get("/" + name)
                .handler(file(name)));
    }

    private static Handler<RoutingContext> file(String name) {
        return request -> send(request.response(), name);
    }

    static void send(HttpServerResponse response, String name) {
        response.putHeader("Content-Type", TYPES.get(name)).end(content(name));
    }

    private static Buffer content(String name) {
        try (var file = PageFiles.class.getResourceAsStream("/console/" + name)) {
            return Buffer.buffer(file.readAllBytes());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
